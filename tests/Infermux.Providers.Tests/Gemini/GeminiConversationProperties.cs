using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Infermux.Testing;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Infermux.Providers.Tests.Gemini;

/// <summary>Whatever conversation a chat server would take, what is sent passes the checks of Gemini's, and says the same.</summary>
public sealed class GeminiConversationProperties
{
    private static readonly Gen<string> Text = Gen.OneOf(Gen.Const("word"), Gen.String[Gen.Char[' ', '~'], 1, 12], Gen.Const("naïve 🙂 \"q\""));
    private static readonly Gen<string> Name = Gen.OneOf(Gen.Const("f"), Gen.Const("g"), Gen.Const("look_up"));
    private static readonly Gen<string> Id = Gen.OneOf(Gen.String[Gen.Char.AlphaNumeric, 1, 12], Gen.String[Gen.Char['!', '~'], 1, 90], Gen.Const("c 1"));
    private static readonly Gen<string> Arguments = Gen.OneOf(
        Gen.Const(""), Gen.Const("{}"), Gen.Select(Gen.Int, Gen.Double, static (n, d) => $$"""{"n": {{n}}, "d":{{d.ToString("R", System.Globalization.CultureInfo.InvariantCulture)}}, "s":"\u00e9\n"}"""));

    private static readonly Gen<string> Result = Gen.OneOf(Text, Gen.Const(""), Gen.Const("""{"temperature":25.5,"unit":"C"}"""), Gen.Const("[1,2]"), Gen.Const("{broken"));

    private static readonly Gen<JsonNode[]> Round = Gen.OneOf(
        Text.Select(static text => new JsonNode[] { Message("user", text) }),
        Text.Select(static text => new JsonNode[] { Message("assistant", text) }),
        Text.Select(static text => new JsonNode[] { Message("system", text) }),
        Gen.Select(Text, Text, static (a, b) => new JsonNode[] { Message("user", a), Message("assistant", b), Message("developer", b) }),
        Gen.Select(Text, Gen.Select(Id, Name, Arguments, Result).Array[1, 4], Gen.Int[0, 100], static (text, calls, seed) => ToolRound(text, calls, seed)));

    private static readonly Gen<JsonArray> Conversation = Round.Array[1, 8].Select(static rounds => new JsonArray([.. rounds.SelectMany(static round => round).Select(static m => m.DeepClone())]));

    [Fact]
    public void Conversation_OfAnyKind_IsAcceptedByTheServer() => Conversation.Sample(
        messages =>
        {
            foreach (var model in new[] { "gemini-2.0-flash", Translation.Flash25, Translation.Pro3, "gemma-3-27b-it" })
            {
                GeminiReader.Content(new Route(CallKind.GenerateContent, Deployment: model), Send(messages, model), new HeaderDictionary { ["x-goog-api-key"] = "k" });
            }
        },
        iter: 1000);

    [Fact]
    public void ToolCalls_OfAnyConversation_KeepNamesArgumentsAndTheirResults() => Conversation.Sample(
        messages =>
        {
            var parts = Send(messages, Translation.Pro3).GetProperty("contents").EnumerateArray().SelectMany(static content => content.GetProperty("parts").EnumerateArray()).ToList();
            var sent = parts.Where(static part => part.TryGetProperty("functionCall", out _)).Select(static part => part.GetProperty("functionCall")).ToList();
            var results = parts.Where(static part => part.TryGetProperty("functionResponse", out _)).Select(static part => part.GetProperty("functionResponse")).ToList();
            var calls = messages.SelectMany(static m => m!["tool_calls"]?.AsArray() ?? []).Select(static call => call!["function"]!).ToList();
            Assert.Equal(calls.Select(static call => call["name"]!.GetValue<string>()), sent.Select(static call => call.GetProperty("name").GetString()!));
            Assert.Equal(calls.Select(static call => call["arguments"]!.GetValue<string>() is { Length: > 0 } written ? written : "{}"), sent.Select(static call => call.GetProperty("args").GetRawText()));

            // Results stand in the order of their calls, whatever order they came in.
            Assert.Equal(sent.Select(static call => call.GetProperty("id").GetString()), results.Select(static result => result.GetProperty("id").GetString()));
            Assert.Equal(Expected(messages), results.Select(static result => Said(result.GetProperty("response"))));
        },
        iter: 1000);

    [Fact]
    public void Texts_OfAnyConversation_AllArrive() => Conversation.Sample(
        messages =>
        {
            var sent = Send(messages, Translation.Flash25);
            var system = sent.TryGetProperty("systemInstruction", out var apart) ? apart.GetProperty("parts").EnumerateArray().ToList() : [];
            var arrived = system.Concat(sent.GetProperty("contents").EnumerateArray().SelectMany(static content => content.GetProperty("parts").EnumerateArray()))
                .Where(static part => part.TryGetProperty("text", out _)).Select(static part => part.GetProperty("text").GetString()!)
                .Select(static text => text.Replace("<system>\n", "", StringComparison.Ordinal).Replace("\n</system>", "", StringComparison.Ordinal));
            var spoken = messages.Where(static m => m!["role"]!.GetValue<string>() is not "tool").Select(static m => m!["content"]!.GetValue<string>());
            Assert.Equal(spoken.Order(StringComparer.Ordinal), arrived.Where(static text => text is not "Continue.").Order(StringComparer.Ordinal));
        },
        iter: 1000);

    private static JsonElement Send(JsonArray messages, string model) => Translation.Sent($"\"messages\":{messages.ToJsonString()}", model);

    // The text of each result, in the order of the calls.
    private static List<string> Expected(JsonArray messages)
    {
        var expected = new List<string>();
        for (var i = 0; i < messages.Count; i++)
        {
            foreach (var call in messages[i]!["tool_calls"]?.AsArray() ?? [])
            {
                var id = call!["id"]!.GetValue<string>();
                expected.Add(messages.Skip(i).First(m => m!["tool_call_id"]?.GetValue<string>() == id)!["content"]!.GetValue<string>());
            }
        }

        return expected;
    }

    private static string Said(JsonElement response) => response.TryGetProperty("result", out var text) ? text.GetString()! : response.GetRawText();

    private static JsonObject Message(string role, string text) => new() { ["role"] = role, ["content"] = text };

    private static JsonNode[] ToolRound(string text, (string Id, string Name, string Arguments, string Result)[] calls, int seed)
    {
        var different = calls.DistinctBy(static call => call.Id, StringComparer.Ordinal).ToArray();
        var asked = Message("assistant", text);
        asked["tool_calls"] = new JsonArray([.. different.Select(static call => new JsonObject
        {
            ["id"] = call.Id,
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments },
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
}
