using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text;
using Infermux.Gateway.Inference.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace Infermux.Gateway.Inference.Outbound;

/// <summary>
/// One event stream to a caller, with trailers. Kestrel offers trailers on HTTP/2 only, so on HTTP/1.1 the response says
/// <c>Transfer-Encoding: chunked</c> itself and the chunks are framed here. Writers may be two, the relay and the heartbeat: each takes the turn.
/// </summary>
internal sealed class SseResponse(HttpResponse response, ErrorForm form) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly PipeWriter _body = response.BodyWriter;
    private bool _ownFraming;
    private bool _ended; // under the turn

    /// <summary>Moment of the last write, in ticks of the caller's TimeProvider.</summary>
    public long LastWrite { get; set; }

    public bool Started { get; private set; }

    /// <summary>Sets status and headers; nothing leaves before the first write.</summary>
    public void Start()
    {
        Started = true;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        if (HttpProtocol.IsHttp11(response.HttpContext.Request.Protocol))
        {
            _ownFraming = true;
            response.Headers.TransferEncoding = "chunked";
            response.Headers.Trailer = TrailerNames;
        }
    }

    private static string TrailerNames { get; } = string.Join(
        ", ", AnswerHeaders.Latency, AnswerHeaders.Cost, AnswerHeaders.PromptTokens, AnswerHeaders.CompletionTokens, AnswerHeaders.Error);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> events, long now, CancellationToken cancellationToken)
    {
        if (events.IsEmpty)
        {
            return;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            Frame(events.Span);
            LastWrite = now;
            await _body.FlushAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A sign of life that keeps idle connections open; skipped while the relay writes.</summary>
    public async ValueTask HeartbeatAsync(long now, CancellationToken cancellationToken)
    {
        if (!await _turn.WaitAsync(0, cancellationToken))
        {
            return;
        }

        try
        {
            if (_ended)
            {
                return; // anything after the last chunk would be read as the next answer
            }

            Frame(form.Heartbeat);
            LastWrite = now;
            await _body.FlushAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The end of the body, clean for HTTP whatever the events said, with what became known on the way.</summary>
    public async ValueTask EndAsync(IReadOnlyList<(string Name, string Value)> trailers, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _ended = true;
            if (!_ownFraming)
            {
                AppendTrailers(trailers);
                return;
            }

            Write("0\r\n"u8);
            foreach (var (name, value) in trailers)
            {
                Write(Encoding.ASCII.GetBytes($"{name}: {value}\r\n"));
            }

            Write("\r\n"u8);
            await _body.FlushAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private void AppendTrailers(IReadOnlyList<(string Name, string Value)> trailers)
    {
        if (!response.SupportsTrailers())
        {
            return;
        }

        foreach (var (name, value) in trailers)
        {
            response.AppendTrailer(name, value);
        }
    }

    private void Frame(ReadOnlySpan<byte> events)
    {
        if (!_ownFraming)
        {
            Write(events);
            return;
        }

        Span<byte> head = stackalloc byte[16];
        Utf8Formatter.TryFormat(events.Length, head, out var digits, new StandardFormat('x'));
        "\r\n"u8.CopyTo(head[digits..]);
        Write(head[..(digits + 2)]);
        Write(events);
        Write("\r\n"u8);
    }

    private void Write(ReadOnlySpan<byte> bytes) => _body.Write(bytes);
}
