using System.Text.Json;
using Infermux.Providers.Anthropic;
using Infermux.Providers.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Messages;

/// <summary>
/// The conversation as chat: system blocks as one system message, each result of a tool as a message of its own before what else its turn said, and an
/// assistant turn as one message.
/// </summary>
internal sealed class ChatMessages(JsonElement request, ChatTarget target, ISet<string> dropped)
{
    private readonly ChatParts _parts = new(target, dropped);

    /// <summary>Writes <c>messages</c>.</summary>
    /// <exception cref="RequestRefusedException">Something in it cannot be said in chat, or is not Anthropic's dialect.</exception>
    public void Write(Utf8JsonWriter writer)
    {
        var messages = request.List("messages").ToList();
        if (messages.Count == 0)
        {
            throw new RequestRefusedException("'messages' must be a list with at least one message.", "messages");
        }

        var loopBegins = LoopBegins(messages);
        writer.WriteStartArray("messages");
        WriteSystem(writer, request, "system", "system");
        foreach (var (n, message) in messages.Index())
        {
            Write(writer, message, $"messages[{n}]", inLoop: n >= loopBegins);
        }

        writer.WriteEndArray();
        if (messages[^1].Text("role") is "assistant" && !target.Extended)
        {
            dropped.Add("prefill"); // answered with a message of its own, not continued
        }
    }

    // Turns after the last thing that the user said, but for results of tools.
    private static int LoopBegins(List<JsonElement> messages) => 1 + messages.FindLastIndex(static message =>
        message.Text("role") is "user" && !message.List("content").Any(static block => block.Text("type") is "tool_result"));

    private void Write(Utf8JsonWriter writer, JsonElement message, string path, bool inLoop)
    {
        switch (message.Text("role"))
        {
            case "user":
                WriteUser(writer, message, path);
                break;
            case "assistant":
                WriteAssistant(writer, message, path, inLoop);
                break;
            case "system":
                WriteSystem(writer, message, "content", $"{path}.content");
                break;
            case var role:
                throw new RequestRefusedException($"'{path}.role' is '{role}'; use user or assistant.", $"{path}.role");
        }
    }

    private void WriteSystem(Utf8JsonWriter writer, JsonElement owner, string member, string path)
    {
        var blocks = Blocks(owner, member, path);
        if (blocks.Count == 0)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("role", "system");
        _parts.WriteContent(writer, blocks, path);
        writer.WriteEndObject();
    }

    private void WriteUser(Utf8JsonWriter writer, JsonElement message, string path)
    {
        var blocks = Blocks(message, "content", $"{path}.content");
        var results = blocks.Where(static block => block.Text("type") is "tool_result").ToList();
        var rest = blocks.Where(static block => block.Text("type") is not "tool_result").ToList();
        foreach (var result in results)
        {
            WriteResult(writer, result, path);
        }

        // OpenAI's chat takes only text as a result; the rest of it follows with what the user says.
        var apart = target.Extended ? [] : results.SelectMany(static result => result.List("content")).Where(static part => !ChatParts.IsText(part)).ToList();
        if (apart.Count + rest.Count > 0)
        {
            writer.WriteStartObject();
            writer.WriteString("role", "user");
            _parts.WriteContent(writer, [.. apart, .. rest], $"{path}.content");
            writer.WriteEndObject();
        }
        else if (results.Count == 0)
        {
            throw new RequestRefusedException($"'{path}' has no content.", $"{path}.content");
        }
    }

    private void WriteResult(Utf8JsonWriter writer, JsonElement result, string path)
    {
        if (result.Text("tool_use_id") is not { Length: > 0 } id)
        {
            throw new RequestRefusedException($"A tool_result of '{path}' has no tool_use_id.", $"{path}.content");
        }

        writer.WriteStartObject();
        writer.WriteString("role", "tool");
        writer.WriteString("tool_call_id", ToolIds.FromAnthropic(id));
        var failed = result.IsTrue("is_error");
        if (failed && target.Extended)
        {
            writer.WriteBoolean("is_error", true);
        }

        _parts.WriteResult(writer, Blocks(result, "content", $"{path}.content"), $"{path}.content", failed, result.Find("cache_control"));
        writer.WriteEndObject();
    }

    private void WriteAssistant(Utf8JsonWriter writer, JsonElement message, string path, bool inLoop)
    {
        var blocks = Blocks(message, "content", $"{path}.content");
        var said = blocks.Where(static block => block.Text("type") is "text").ToList();
        var calls = blocks.Where(static block => block.Text("type") is "tool_use").ToList();
        foreach (var type in blocks.Select(static block => block.Text("type")).Where(static type => type is not ("text" or "tool_use" or "thinking" or "redacted_thinking")))
        {
            dropped.Add($"messages.{(type is not null && Names.IsName(type) ? type : "content")}"); // blocks of hosted tools in the history
        }

        var reasoning = new Reasoning(blocks, target, dropped, inLoop);
        if (said.Count + calls.Count == 0 && !reasoning.IsKept)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("role", "assistant");
        if (said.Count > 0)
        {
            _parts.WriteSaid(writer, said);
        }
        else
        {
            writer.WriteNull("content");
        }

        reasoning.Write(writer);
        WriteCalls(writer, calls, path);
        writer.WriteEndObject();
    }

    private void WriteCalls(Utf8JsonWriter writer, List<JsonElement> calls, string path)
    {
        if (calls.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("tool_calls");
        foreach (var call in calls)
        {
            if (call.Text("id") is not { Length: > 0 } id || call.Text("name") is not { Length: > 0 } name)
            {
                throw new RequestRefusedException($"A tool_use of '{path}' needs an id and a name.", $"{path}.content");
            }

            writer.WriteStartObject();
            writer.WriteString("id", ToolIds.FromAnthropic(id));
            writer.WriteString("type", "function");
            writer.WriteStartObject("function");
            writer.WriteString("name", name);
            writer.WriteString("arguments", call.Find("input") is { ValueKind: JsonValueKind.Object } input ? JsonText.Raw(input) : "{}"u8);
            writer.WriteEndObject();
            writer.WriteEndObject();
            if (call.Find("cache_control") is not null)
            {
                dropped.Add("cache_control"); // chat has no place for a mark on a call
            }
        }

        writer.WriteEndArray();
    }

    private static List<JsonElement> Blocks(JsonElement owner, string member, string path) => owner.Find(member) switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } text => text.GetString()!.Length > 0 ? [ChatParts.OfText(text)] : [],
        { ValueKind: JsonValueKind.Array } blocks => [.. blocks.EnumerateArray().Where(static block => !(block.Text("type") is "text" && block.Text("text") is null or ""))],
        _ => throw new RequestRefusedException($"'{path}' must be a text or a list of blocks.", path),
    };
}
