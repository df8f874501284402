using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Infermux.Providers.Tests.Anthropic;
using Infermux.Testing;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Infermux.Providers.Tests.Bedrock;

/// <summary>Whatever conversation OpenAI would take, what is sent passes the checks of Bedrock's server, and says the same.</summary>
public sealed class BedrockConversationProperties
{
    [Fact]
    public void Conversation_OfAnyKind_IsAcceptedByTheServer() => AnthropicConversationProperties.Conversation.Sample(static messages =>
    {
        foreach (var model in new[] { Converse.Sonnet4, Converse.Haiku45, Converse.Nova, Converse.Llama })
        {
            ConverseRequests.Read(new Route(CallKind.Converse, Deployment: model), Send(messages, model), new HeaderDictionary { ["Authorization"] = "Bearer k" });
        }
    }, iter: 1000);

    [Fact]
    public void ToolCallsAndTexts_OfAnyConversation_AllArriveInOrder() => AnthropicConversationProperties.Conversation.Sample(static messages =>
    {
        var sent = Send(messages, Converse.Haiku45);
        var blocks = sent.GetProperty("messages").EnumerateArray().SelectMany(static m => m.GetProperty("content").EnumerateArray()).ToList();
        var calls = messages.SelectMany(static m => m!["tool_calls"]?.AsArray() ?? []).Select(static c => c!["function"]!["arguments"]!.GetValue<string>());
        var results = messages.Where(static m => m!["role"]!.GetValue<string>() is "tool").Select(static m => m!["content"]!.GetValue<string>().Trim());
        Assert.Equal(calls.Select(static a => a.Length == 0 ? "{}" : a), Each(blocks, "toolUse").Select(static u => u.GetProperty("input").GetRawText()), StringComparer.Ordinal);
        Assert.Equal(results, Each(blocks, "toolResult").Select(static r => r.GetProperty("content")[0].TryGetProperty("text", out var text) ? text.GetString()!.Trim() : ""), StringComparer.Ordinal);
        var system = sent.TryGetProperty("system", out var said) ? said.EnumerateArray().ToList() : [];
        var arrived = system.Concat(blocks).Where(static b => b.TryGetProperty("text", out _)).Select(static b => b.GetProperty("text").GetString()!)
            .Select(static t => t.Replace("<system>\n", "", StringComparison.Ordinal).Replace("\n</system>", "", StringComparison.Ordinal).Trim())
            .Where(static t => t is not ("Continue." or "Do not call a tool now; answer in words."));
        var spoken = messages.Where(static m => m!["role"]!.GetValue<string>() is not "tool").Select(static m => m!["content"]!.GetValue<string>().Trim()).Where(static t => t.Length > 0);
        Assert.Equal(spoken.Order(StringComparer.Ordinal), arrived.Order(StringComparer.Ordinal));
    }, iter: 1000);

    private static IEnumerable<JsonElement> Each(List<JsonElement> blocks, string kind) =>
        blocks.Where(block => block.TryGetProperty(kind, out _)).Select(block => block.GetProperty(kind));

    private static JsonElement Send(JsonArray messages, string model) => Converse.Sent($"\"messages\":{messages.ToJsonString()}", model);
}
