using System.Globalization;
using System.Text;

namespace Infermux.HttpBench;

/// <summary>
/// An upstream that costs as little as it can. OpenAI-shaped: a fixed 1 KB answer, 500 bytes of text for the model <c>short</c>, or 20 chunks a second that carry
/// the moment they left. Anthropic-shaped: 500 bytes of text.
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
        app.MapPost("/v1/chat/completions", AnswerAsync);
        app.MapPost("/v1/messages", static async http =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
            await SayAsync(http, Message);
        });
        app.MapGet("/v1/models", () => Results.Text("""{"object":"list","data":[{"id":"gpt-4o-mini","object":"model"}]}""", "application/json"));
        await app.RunAsync();
        return 0;
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        if (body.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            await StreamAsync(http);
            return;
        }

        await SayAsync(http, body.Contains("\"model\":\"short\"", StringComparison.Ordinal) ? ShortAnswer : Answer);
    }

    private static async Task SayAsync(HttpContext http, byte[] answer)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = answer.Length;
        await http.Response.Body.WriteAsync(answer, http.RequestAborted);
    }

    private static async Task StreamAsync(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / ChunksPerSecond));
        for (var i = 0; i < ChunksPerStream && await timer.WaitForNextTickAsync(http.RequestAborted); i++)
        {
            var now = TimeProvider.System.GetTimestamp().ToString("D19", CultureInfo.InvariantCulture);
            await WriteAsync(http, $$"""{"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1760000000,"model":"gpt-4o-mini","choices":[{"index":0,"delta":{"content":"{{i:D6}} {{now}} 0123456789012345"},"finish_reason":null}]}""");
        }

        await WriteAsync(http, """{"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1760000000,"model":"gpt-4o-mini","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
        await WriteAsync(http, """{"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1760000000,"model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":256,"completion_tokens":200,"total_tokens":456}}""");
        await WriteAsync(http, "[DONE]");
    }

    private static async Task WriteAsync(HttpContext http, string data)
    {
        await http.Response.WriteAsync($"data: {data}\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }
}
