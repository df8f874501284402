using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Infermux.Testing;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Infermux.Providers.Tests.Anthropic;

/// <summary>Whatever conversation OpenAI would take, what is sent passes the checks of Anthropic's server, and says the same.</summary>
public sealed class AnthropicConversationProperties
{
    private static readonly Gen<string> Text = Gen.OneOf(Gen.Const("word"), Gen.String[Gen.Char[' ', '~'], 1, 12], Gen.Const("naïve 🙂 \"q\""));
    private static readonly Gen<string> Id = Gen.OneOf(Gen.String[Gen.Char.AlphaNumeric, 1, 12], Gen.String[Gen.Char['!', '~'], 1, 90], Gen.Const("ifx-b-YyAx"), Gen.Const("c 1"));
    private static readonly Gen<string> Arguments = Gen.OneOf(
        Gen.Const(""), Gen.Const("{}"), Gen.Select(Gen.Int, Gen.Double, static (n, d) => $$"""{"n": {{n}}, "d":{{d.ToString("R", System.Globalization.CultureInfo.InvariantCulture)}}, "s":"\u00e9\n"}"""));

    private static readonly Gen<JsonNode[]> Round = Gen.OneOf(
        Text.Select(static text => new JsonNode[] { Message("user", text + "x") }),
        Text.Select(static text => new JsonNode[] { Message("assistant", text) }),
        Text.Select(static text => new JsonNode[] { Message("system", text) }),
        Gen.Select(Text.Select(static text => text + "x"), Text, static (a, b) => new JsonNode[] { Message("user", a), Message("assistant", b), Message("developer", b) }),
        Gen.Select(Text, Gen.Select(Id, Arguments, Text).Array[1, 4], Gen.Int[0, 100], static (text, calls, seed) => ToolRound(text, calls, seed)));

    internal static readonly Gen<JsonArray> Conversation = Round.Array[1, 8].Select(static rounds => new JsonArray([.. rounds.SelectMany(static round => round).Select(static m => m.DeepClone())]));

    [Fact]
    public void Conversation_OfAnyKind_IsAcceptedByTheServer() => Conversation.Sample(messages =>
    {
        foreach (var model in new[] { Translation.Old, Translation.Haiku45, "claude-sonnet-4-6", "unheard-of" })
        {
            AnthropicReader.Messages(new Route(CallKind.Messages), Send(messages, model), Headers);
        }
    }, iter: 1000);

    [Fact]
    public void ToolCalls_OfAnyConversation_KeepIdsArgumentsAndResultsInOrder() => Conversation.Sample(messages =>
    {
        var sent = Send(messages, Translation.Haiku45).GetProperty("messages").EnumerateArray().SelectMany(static m => m.GetProperty("content").EnumerateArray()).ToList();
        var uses = sent.Where(static b => b.GetProperty("type").ValueEquals("tool_use")).ToList();
        var results = sent.Where(static b => b.GetProperty("type").ValueEquals("tool_result")).ToList();
        var calls = messages.SelectMany(static m => m!["tool_calls"]?.AsArray() ?? []).ToList();
        var answers = messages.Where(static m => m!["role"]!.GetValue<string>() is "tool").ToList();
        Assert.Equal(calls.Select(static c => Expected(c!["function"]!["arguments"]!.GetValue<string>())), uses.Select(static u => u.GetProperty("input").GetRawText()), StringComparer.Ordinal);
        Assert.Equal(answers.Select(static a => a!["content"]!.GetValue<string>().Trim()), results.Select(static r => r.TryGetProperty("content", out var text) ? text.GetString()!.Trim() : ""), StringComparer.Ordinal);

        // Results stand for the calls they stood for, also where a client uses an id again in a later turn.
        var ids = uses.Select(static u => u.GetProperty("id").GetString()!).ToList();
        Assert.Equal(Answered(messages), results.Select(r => ids.IndexOf(r.GetProperty("tool_use_id").GetString()!)));
    }, iter: 1000);

    [Fact]
    public void Texts_OfAnyConversation_AllArriveInOrder() => Conversation.Sample(messages =>
    {
        var sent = Send(messages, Translation.Haiku45);
        var system = sent.TryGetProperty("system", out var blocks) ? blocks.EnumerateArray().Select(static b => b.GetProperty("text").GetString()!) : [];
        var arrived = system.Concat(sent.GetProperty("messages").EnumerateArray().SelectMany(static m => m.GetProperty("content").EnumerateArray())
            .Where(static b => b.GetProperty("type").ValueEquals("text")).Select(static b => b.GetProperty("text").GetString()!))
            .Select(static t => t.Replace("<system>\n", "", StringComparison.Ordinal).Replace("\n</system>", "", StringComparison.Ordinal).Trim());
        var spoken = messages.Where(static m => m!["role"]!.GetValue<string>() is not "tool").Select(static m => m!["content"]!.GetValue<string>().Trim()).Where(static t => t.Length > 0);
        Assert.Equal(spoken.Order(StringComparer.Ordinal), arrived.Where(static t => t is not "Continue.").Order(StringComparer.Ordinal));
    }, iter: 1000);

    [Fact]
    public void ToolIds_OfAnyTwoTexts_StayDifferentAndFit() => Gen.Select(Id, Id).Sample(static (a, b) =>
    {
        var sent = Providers.Anthropic.ToolIds.ToAnthropic(a);
        Assert.Matches("^[a-zA-Z0-9_-]{1,64}$", sent);
        Assert.Equal(string.Equals(a, b, StringComparison.Ordinal), string.Equals(sent, Providers.Anthropic.ToolIds.ToAnthropic(b), StringComparison.Ordinal));
        Assert.True(sent.StartsWith("ifx-h-", StringComparison.Ordinal) || string.Equals(Providers.Anthropic.ToolIds.FromAnthropic(sent), a, StringComparison.Ordinal));
    });

    // For each tool message, which call of the conversation it answers.
    private static List<int> Answered(JsonArray messages)
    {
        var latest = new Dictionary<string, int>(StringComparer.Ordinal);
        var answered = new List<int>();
        var calls = 0;
        foreach (var message in messages)
        {
            foreach (var call in message!["tool_calls"]?.AsArray() ?? [])
            {
                latest[call!["id"]!.GetValue<string>()] = calls++;
            }

            if (message["tool_call_id"] is { } id)
            {
                answered.Add(latest[id.GetValue<string>()]);
            }
        }

        return answered;
    }

    private static HeaderDictionary Headers => new() { ["anthropic-version"] = "2023-06-01", ["x-api-key"] = "k" };

    private static JsonElement Send(JsonArray messages, string model) => Translation.Sent($"\"messages\":{messages.ToJsonString()}", model);

    private static JsonObject Message(string role, string text) => new() { ["role"] = role, ["content"] = text };

    private static JsonNode[] ToolRound(string text, (string Id, string Arguments, string Result)[] calls, int seed)
    {
        var different = calls.DistinctBy(static call => call.Id, StringComparer.Ordinal).ToArray();
        var asked = Message("assistant", text);
        asked["tool_calls"] = new JsonArray([.. different.Select(static call => new JsonObject
        {
            ["id"] = call.Id,
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = "f", ["arguments"] = call.Arguments },
        })]);
        var answered = different.ToArray();
        new Random(seed).Shuffle(answered);
        return [asked, .. answered.Select(static call =>
        {
            var message = Message("tool", call.Result);
            message["tool_call_id"] = call.Id;
            return message;
        })];
    }

    private static string Expected(string arguments) => arguments.Length == 0 ? "{}" : arguments;
}
