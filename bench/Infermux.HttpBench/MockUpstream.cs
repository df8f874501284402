using System.Globalization;
using System.Text;

namespace Infermux.HttpBench;

/// <summary>
/// An upstream that costs as little as it can. OpenAI-shaped: a fixed 1 KB answer, 500 bytes of text for the model <c>short</c>, or 20 chunks a second that carry
/// the moment they left. Anthropic-shaped: the same, but for the long answer.
/// </summary>
internal static class MockUpstream
{
    private const int ChunksPerSecond = 20;
    private const int ChunksPerStream = 200;

    private static readonly byte[] Answer = Chat(760);
    private static readonly byte[] ShortAnswer = Chat(500);
    private static readonly byte[] Message = Encoding.UTF8.GetBytes(
        """{"id":"msg_bench","type":"message","role":"assistant","model":"claude-haiku-4-5","content":[{"type":"text","text":"CONTENT"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":256,"output_tokens":160}}"""
            .Replace("CONTENT", new string('x', 500), StringComparison.Ordinal));

    private static byte[] Chat(int length) => Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-bench","object":"chat.completion","created":1760000000,"model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"CONTENT"},"finish_reason":"stop"}],"usage":{"prompt_tokens":256,"completion_tokens":160,"total_tokens":416}}"""
            .Replace("CONTENT", new string('x', length), StringComparison.Ordinal));

    public static async Task<int> RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        app.MapPost("/v1/chat/completions", static http => AnswerAsync(
            http, static body => body.Contains("\"model\":\"short\"", StringComparison.Ordinal) ? ShortAnswer : Answer, StreamChatAsync));
        app.MapPost("/v1/messages", static http => AnswerAsync(http, static _ => Message, StreamMessageAsync));
        app.MapGet("/v1/models", () => Results.Text("""{"object":"list","data":[{"id":"gpt-4o-mini","object":"model"}]}""", "application/json"));
        await app.RunAsync();
        return 0;
    }

    private static async Task AnswerAsync(HttpContext http, Func<string, byte[]> whole, Func<HttpContext, Task> streamed)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        if (body.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            http.Response.ContentType = "text/event-stream";
            await streamed(http);
            return;
        }

        await SayAsync(http, whole(body));
    }

    private static async Task SayAsync(HttpContext http, byte[] answer)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = answer.Length;
        await http.Response.Body.WriteAsync(answer, http.RequestAborted);
    }

    private static async Task StreamChatAsync(HttpContext http)
    {
        await PacedAsync(http, static text => $$$"""{"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1760000000,"model":"gpt-4o-mini","choices":[{"index":0,"delta":{"content":"{{{text}}}"},"finish_reason":null}]}""");
        await WriteAsync(http, """{"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1760000000,"model":"gpt-4o-mini","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
        await WriteAsync(http, """{"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1760000000,"model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":256,"completion_tokens":200,"total_tokens":456}}""");
        await WriteAsync(http, "[DONE]");
    }

    private static async Task StreamMessageAsync(HttpContext http)
    {
        await WriteAsync(http, """{"type":"message_start","message":{"id":"msg_bench","type":"message","role":"assistant","model":"claude-haiku-4-5","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":256,"output_tokens":1}}}""", "message_start");
        await WriteAsync(http, """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""", "content_block_start");
        await PacedAsync(http, static text => $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"{{{text}}}"}}""", "content_block_delta");
        await WriteAsync(http, """{"type":"content_block_stop","index":0}""", "content_block_stop");
        await WriteAsync(http, """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":200}}""", "message_delta");
        await WriteAsync(http, """{"type":"message_stop"}""", "message_stop");
    }

    private static async Task PacedAsync(HttpContext http, Func<string, string> chunk, string? name = null)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / ChunksPerSecond));
        for (var i = 0; i < ChunksPerStream && await timer.WaitForNextTickAsync(http.RequestAborted); i++)
        {
            var now = TimeProvider.System.GetTimestamp().ToString("D19", CultureInfo.InvariantCulture);
            await WriteAsync(http, chunk($"{i:D6} {now} 01234567890123456789012"), name);
        }
    }

    private static async Task WriteAsync(HttpContext http, string data, string? name = null)
    {
        await http.Response.WriteAsync(name is null ? $"data: {data}\n\n" : $"event: {name}\ndata: {data}\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }
}
