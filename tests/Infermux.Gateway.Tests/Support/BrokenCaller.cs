using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Infermux.Gateway.Tests.Support;

/// <summary>Breaks the connection to a caller at the first write that <paramref name="at"/> picks by what is written: with the caller gone, or with a bare I/O error.</summary>
internal sealed class BrokenCaller(Func<string, bool> at, bool hangsUp) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, following) =>
        {
            if (context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal))
            {
                var body = new StreamResponseBodyFeature(new BreakingStream(this, context), context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
                context.Features.Set<IHttpResponseBodyFeature>(body);
            }

            return following(context);
        });
        next(app);
    };

    private async ValueTask BreakAsync(HttpContext context)
    {
        if (!hangsUp)
        {
            throw new IOException("The connection was reset.");
        }

        context.Abort();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
    }

    private sealed class BreakingStream(BrokenCaller caller, HttpContext context) : Stream
    {
        private readonly PipeWriter _inner = context.Response.BodyWriter;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (caller.At(buffer))
            {
                await caller.BreakAsync(context);
            }

            await _inner.WriteAsync(buffer, cancellationToken);
        }

        public override async Task FlushAsync(CancellationToken cancellationToken) => await _inner.FlushAsync(cancellationToken);

        public override void Flush() => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    private bool At(ReadOnlyMemory<byte> written) => at(System.Text.Encoding.UTF8.GetString(written.Span));
}
