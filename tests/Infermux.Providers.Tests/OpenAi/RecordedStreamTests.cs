using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Tests.Fixtures;
using Xunit;

namespace Infermux.Providers.Tests.OpenAi;

public sealed class RecordedStreamTests
{
    [Theory]
    [InlineData("openai/chat-stream-usage.http.json", 0)]
    [InlineData("openai/chat-stream-usage.http.json", 1)]
    [InlineData("openai/chat-stream-parallel-tools.http.json", 0)]
    [InlineData("deepseek/chat-stream.http.json", 0)]
    [InlineData("mistral/chat-stream.http.json", 0)]
    [InlineData("groq/chat-stream-error-midstream.http.json", 1)]
    [InlineData("groq/chat-stream-error-midstream.http.json", 2)]
    [InlineData("openrouter/chat-stream-comments.http.json", 0)]
    [InlineData("openrouter/chat-stream-tool-call-no-id-no-finish.http.json", 0)]
    [InlineData("openrouter/chat-stream-tool-call-no-id-no-finish.http.json", 1)]
    public void Stream_OfEachVendor_ComesOutWholeInTheCallersNameAtEveryChunkSize(string file, int reply)
    {
        var wire = Wire(file, reply);
        foreach (var includeUsage in (bool[])[true, false])
        {
            var whole = Streams.Run(wire, wire.Length, includeUsage);
            Assert.Null(whole.Message);
            Assert.NotNull(whole.Usage);
            Assert.True(whole.Progress.HasFlag(StreamProgress.Content | StreamProgress.Ended), whole.Progress.ToString());
            Assert.EndsWith("data: [DONE]\n\n", whole.Text, StringComparison.Ordinal);
            Assert.All(whole.Chunks(), chunk => Assert.Equal("mine", chunk.GetProperty("model").GetString()));
            Assert.Equal(includeUsage ? 1 : 0, whole.Chunks().Count(c => c.GetProperty("choices").GetArrayLength() == 0));
            Assert.Equal(includeUsage ? 1 : 0, whole.Chunks().Count(c => c.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object));
            Assert.Equal(includeUsage, whole.Chunks()[^1].TryGetProperty("infermux", out _));
            Assert.Contains(whole.Chunks(), c => c.GetProperty("choices") is { } choices && choices.GetArrayLength() > 0
                && choices[0].GetProperty("finish_reason").ValueKind == JsonValueKind.String);
            SameInAnyChunking(wire, whole, includeUsage);
        }
    }

    [Theory]
    [InlineData("openai/chat-stream-parallel-tools.http.json", 0)]
    [InlineData("openrouter/chat-stream-tool-call-no-id-no-finish.http.json", 0)]
    [InlineData("groq/chat-stream-error-midstream.http.json", 1)]
    public void ToolCalls_OfEachVendor_CanBePutTogetherByAppending(string file, int reply)
    {
        var calls = ToolCalls.Append(Streams.Run(Wire(file, reply), 1_000).Chunks());
        Assert.NotEmpty(calls);
        Assert.All(calls.Values, call =>
        {
            Assert.NotEmpty(call.Id);
            Assert.Matches("^[a-zA-Z_]+$", call.Name);
            Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(call.Arguments).RootElement.ValueKind);
        });
        Assert.Equal(calls.Count, calls.Values.Select(c => c.Id).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Groq_ErrorEventInTheMiddle_FailsTheStreamAndIsNotPassedOn()
    {
        var wire = Wire("groq/chat-stream-error-midstream.http.json", 0);
        var run = Streams.Run(wire, wire.Length);
        Assert.Equal(FailureClass.ServerFault, run.Failure);
        Assert.Contains("Tool call validation failed", run.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("tool_use_failed", run.Text, StringComparison.Ordinal);
        SameInAnyChunking(wire, run, includeUsage: true);
    }

    [Fact]
    public void Azure_PromptFilterChunk_IsLeftOutAndNotTakenForContent()
    {
        var wire = Recorded.ReadChunks("azure/chat-stream-prompt-filter.chunks.txt");
        var run = Streams.Run(wire!, wire!.Length, includeUsage: false);
        Assert.Null(run.Message);
        Assert.DoesNotContain("prompt_filter_results", run.Text, StringComparison.Ordinal);
        Assert.All(run.Chunks(), c => Assert.Equal(1, c.GetProperty("choices").GetArrayLength()));
    }

    [Theory]
    [InlineData("openai/chat-stream-usage.http.json", 0, 0, 0)]
    [InlineData("deepseek/chat-stream.http.json", 0, 11, 8)]
    [InlineData("mistral/chat-stream.http.json", 0, 22, 8)]
    [InlineData("groq/chat-stream-error-midstream.http.json", 1, 304, 49)]
    [InlineData("openrouter/chat-stream-comments.http.json", 0, 15, 9)]
    [InlineData("openrouter/chat-stream-tool-call-no-id-no-finish.http.json", 0, 57, 17)]
    public void Usage_WhereverTheVendorPutsIt_IsReadOnce(string file, int reply, long prompt, long output)
    {
        var usage = Streams.Run(Wire(file, reply), 64).Usage!.Value;
        if (prompt > 0)
        {
            Assert.Equal((prompt, output), (usage.Prompt, usage.Output));
        }

        Assert.True(usage.Prompt > 0 && usage.Output > 0);
    }

    private static byte[] Wire(string file, int reply)
    {
        var replies = Recorded.Read(file);
        return replies[reply].Body;
    }

    private static void SameInAnyChunking(byte[] wire, StreamRun whole, bool includeUsage)
    {
        foreach (var size in (int[])[1, 2, 3, 5, 7, 64, 1_000])
        {
            Assert.Equal(whole, Streams.Run(wire, size, includeUsage));
        }

        for (var cut = 1; cut < wire.Length; cut += 1 + (wire.Length / 400)) // size 1 above has every boundary; here the rest comes at once
        {
            Assert.Equal(whole, Streams.Run(wire, [cut, wire.Length], includeUsage));
        }
    }
}
