using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Infermux.Providers.Echo;

/// <summary>
/// Answers OpenAI-shaped requests by itself, in place of a network, so that the way of an echo request through the gateway is every other request's. Models:
/// <c>echo-v1</c> says <c>echo: </c> and the last message (the original's wording); <c>lorem</c> says a paragraph, word by word when streamed.
/// </summary>
internal sealed class EchoHandler(TimeProvider time) : HttpMessageHandler
{
    private const int MaxDepth = 10_000; // the inbound limit was checked before

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is null)
        {
            return Json("""{"object":"list","data":[{"id":"echo-v1","object":"model"},{"id":"lorem","object":"model"}]}"""u8.ToArray());
        }

        var path = request.RequestUri!.AbsolutePath;
        using var body = JsonDocument.Parse(await request.Content.ReadAsByteArrayAsync(cancellationToken), new JsonDocumentOptions { MaxDepth = MaxDepth });
        if (path.EndsWith("/embeddings", StringComparison.Ordinal))
        {
            return Json(EchoEmbeddings.Answer(body.RootElement));
        }

        var chat = path.EndsWith("/chat/completions", StringComparison.Ordinal);
        var answer = EchoAnswer.To(body.RootElement, chat, time.GetUtcNow());
        return answer.Stream ? Events(new EchoStream(answer, time)) : Json(answer.Whole());
    }

    private static HttpResponseMessage Json(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    private static HttpResponseMessage Events(EchoStream stream)
    {
        var content = new StreamContent(stream.Open());
        content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }
}
