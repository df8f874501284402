using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Xunit;

namespace Infermux.Providers.Tests.Pivot;

/// <summary>What came of one stream.</summary>
internal sealed record StreamOutcome(string Text, StreamProgress Progress, FailureClass? Failure, TokenUsage? Usage, long Characters, bool Ended)
{
    public List<JsonElement> Chunks() =>
        [.. Events().Where(static data => data is not "[DONE]").Select(static data => JsonDocument.Parse(data).RootElement)];

    public IEnumerable<string> Events() =>
        Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(static e => e["data: ".Length..]);

    public IEnumerable<JsonElement> Deltas() =>
        Chunks().SelectMany(static chunk => chunk.GetProperty("choices").EnumerateArray()).Select(static choice => choice.GetProperty("delta"));

    public string Joined(string member) =>
        string.Concat(Deltas().Select(delta => delta.TryGetProperty(member, out var text) ? text.GetString() : ""));

    public string? Finish() => Chunks().SelectMany(static chunk => chunk.GetProperty("choices").EnumerateArray())
        .Select(static choice => choice.GetProperty("finish_reason").GetString()).SingleOrDefault(static reason => reason is not null);

    /// <summary>Name and arguments of each tool call, in order of their index.</summary>
    public List<(string Id, string Name, string Arguments)> Calls()
    {
        var calls = new SortedDictionary<int, (string Id, string Name, string Arguments)>();
        foreach (var call in Deltas().Where(static delta => delta.TryGetProperty("tool_calls", out _)).SelectMany(static delta => delta.GetProperty("tool_calls").EnumerateArray()))
        {
            var index = call.GetProperty("index").GetInt32();
            var before = calls.GetValueOrDefault(index, ("", "", ""));
            var function = call.GetProperty("function");
            calls[index] = (
                before.Item1 + (call.TryGetProperty("id", out var id) ? id.GetString() : ""),
                before.Item2 + (function.TryGetProperty("name", out var name) ? name.GetString() : ""),
                before.Item3 + function.GetProperty("arguments").GetString());
        }

        Assert.Equal(Enumerable.Range(0, calls.Count), calls.Keys);
        return [.. calls.Values];
    }
}
