using System.IO.Pipelines;
using Infermux.Gateway.Inference.Errors;


namespace Infermux.Gateway.Inference.Inbound;

/// <summary>One inbound body, read whole into pooled memory and kept until the request ends, since a second attempt may need it again.</summary>
internal sealed class RequestBody : IDisposable
{
    private PooledBuffer? _buffer; // rented only once its bytes are allowed for
    private readonly BodyMemory _memory;
    private long _taken;

    private RequestBody(BodyMemory memory) => _memory = memory;

    public ReadOnlyMemory<byte> Bytes => _buffer!.Written;

    /// <exception cref="InferenceException">The body is too large, framed in a way we refuse, or there is no memory for it now.</exception>
    public static async ValueTask<RequestBody> ReadAsync(
        HttpRequest request, long limit, BodyMemory memory, CancellationToken cancellationToken)
    {
        RefuseFraming(request);
        if (request.ContentLength > limit)
        {
            throw Refusals.BodyTooLarge(limit);
        }

        var body = new RequestBody(memory);
        try
        {
            body.Take(request.ContentLength ?? 0);
            body._buffer = new PooledBuffer((int)Math.Max(request.ContentLength ?? 4096, 1));
            await body.FillAsync(request.BodyReader, body._buffer, limit, cancellationToken);
            return body;
        }
        catch (BadHttpRequestException broken)
        {
            body.Dispose();
            throw Refusals.BadFraming(broken.Message, broken.StatusCode);
        }
        catch (IOException broken) when (broken.InnerException is OverflowException)
        {
            // Kestrel reports a chunk size beyond its number type as a broken connection.
            body.Dispose();
            throw Refusals.BadFraming(broken.Message, 400);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _memory.GiveBack(_taken);
        _taken = 0;
        _buffer?.Dispose();
    }

    private async ValueTask FillAsync(PipeReader reader, PooledBuffer buffer, long limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (buffer.Length + read.Buffer.Length > limit)
            {
                throw Refusals.BodyTooLarge(limit);
            }

            foreach (var segment in read.Buffer)
            {
                segment.Span.CopyTo(buffer.GetSpan(segment.Length));
                buffer.Advance(segment.Length);
            }

            reader.AdvanceTo(read.Buffer.End);
            Take(buffer.Length - _taken);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private void Take(long more)
    {
        if (more <= 0)
        {
            return;
        }

        if (!_memory.TryTake(more))
        {
            throw Refusals.NoBodyMemory();
        }

        _taken += more;
    }

    /// <summary>
    /// Two framing headers at once, or a coding other than <c>chunked</c>, are how requests are smuggled past a proxy. Kestrel accepts both: it drops the
    /// length (and keeps it as X-Content-Length), and hands on a body that is still coded.
    /// </summary>
    private static void RefuseFraming(HttpRequest request)
    {
        var coding = request.Headers.TransferEncoding;
        if (coding.Count == 0)
        {
            return;
        }

        if (!string.Equals(coding.ToString(), "chunked", StringComparison.OrdinalIgnoreCase))
        {
            throw Refusals.BadFraming($"Transfer-Encoding '{Printable.Of(coding.ToString())}' is not accepted. Send 'chunked' or a Content-Length.", 400);
        }

        if (request.Headers.ContainsKey("X-Content-Length"))
        {
            throw Refusals.BadFraming("Both Content-Length and Transfer-Encoding were sent. Send one of them.", 400);
        }
    }
}
