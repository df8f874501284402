using System.Text;
using System.Text.Json;
using Infermux.Providers.Tests.Responses;
using Xunit;

namespace Infermux.Providers.Tests.Completions;

/// <summary>Legacy completions toward a provider that has chat only.</summary>
public sealed class CompletionsCallerTests
{
    [Theory]
    [InlineData("\"Once upon\"")]
    [InlineData("[\"Once upon\"]")]
    public void Prompt_IsOneUserMessage(string prompt)
    {
        var request = Runs.Request($$"""{"model":"mine","prompt":{{prompt}},"max_tokens":7,"temperature":0.5,"stop":["x"],"logprobs":3,"seed":1}""", Operation.Completions);
        var sent = Runs.Sent(request, Runs.Anthropic);
        Assert.Equal("Once upon", sent.GetProperty("messages")[0].GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal((7, 0.5, "x"), (sent.GetProperty("max_tokens").GetInt32(), sent.GetProperty("temperature").GetDouble(), sent.GetProperty("stop_sequences")[0].GetString()));
        Assert.Equal(["logprobs", "seed"], Runs.Dropped(request, Runs.Anthropic).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("\"prompt\":[\"a\",\"b\"]", "prompt")]
    [InlineData("\"prompt\":[1,2]", "prompt")]
    [InlineData("\"prompt\":\"a\",\"suffix\":\"b\"", "suffix")]
    [InlineData("\"prompt\":\"a\",\"echo\":true", "echo")]
    [InlineData("\"prompt\":\"a\",\"best_of\":3", "best_of")]
    [InlineData("\"prompt\":\"a\",\"n\":2", "n")]
    public void WhatChatCannotSay_IsRefusedByName(string member, string param)
    {
        var refused = Assert.Throws<RequestRefusedException>(() => Runs.Sent(Runs.Request($$"""{"model":"m",{{member}}}""", Operation.Completions), Runs.Anthropic));
        Assert.Equal((param, "unsupported"), (refused.Param, refused.Code));
    }

    [Fact]
    public void Answer_WholeOrStreamed_IsATextCompletion()
    {
        var (_, text) = Runs.Whole(
            Runs.Request("""{"model":"mine","prompt":"x"}""", Operation.Completions), Runs.Anthropic,
            """{"id":"msg_1","type":"message","content":[{"type":"text","text":"hi"}],"stop_reason":"max_tokens","usage":{"input_tokens":3,"output_tokens":1}}""");
        var json = JsonDocument.Parse(text).RootElement;
        Assert.Equal(("text_completion", "mine", "hi", "length"), (Text(json, "object"), Text(json, "model"), Text(json.GetProperty("choices")[0], "text"), Text(json.GetProperty("choices")[0], "finish_reason")));
        Assert.Equal(4, json.GetProperty("usage").GetProperty("total_tokens").GetInt32());

        var streamed = Runs.Request("""{"model":"mine","prompt":"x","stream":true,"stream_options":{"include_usage":true}}""", Operation.Completions);
        var wire = Encoding.UTF8.GetBytes(
            """
            data: {"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":3,"output_tokens":1}}}

            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"h"}}

            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"i"}}

            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}}

            data: {"type":"message_stop"}


            """);
        var run = Runs.Stream(streamed, Runs.Anthropic, wire);
        Assert.Equal(["h", "i", ""], run.Events().SelectMany(e => e.GetProperty("choices").EnumerateArray()).Select(c => Text(c, "text")));
        Assert.Equal(5, run.Events()[^1].GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.EndsWith("data: [DONE]\n\n", run.Text, StringComparison.Ordinal);
        Runs.SameInAnyChunking(streamed, Runs.Anthropic, wire);
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
