using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;

namespace Infermux.Gateway.Tests.Support;

/// <summary>Breaks the connection to a caller at the first write that <paramref name="at"/> picks by what is written: with the caller gone, or with a bare I/O error.</summary>
internal sealed class BrokenCaller(Func<string, bool> at, bool hangsUp) : IStartupFilter
{
    /// <summary>Hangs up once that write is flushed instead, when the caller has what was written.</summary>
    public bool After { get; init; }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, following) =>
        {
            if (context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal))
            {
                var body = new StreamResponseBodyFeature(new BreakingWriter(this, context).AsStream(leaveOpen: true), context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
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

    private sealed class BreakingWriter(BrokenCaller caller, HttpContext context) : PipeWriter
    {
        private readonly PipeWriter _inner = context.Response.BodyWriter;
        private bool _hasIt;

        public override void Advance(int bytes) => _inner.Advance(bytes);

        public override void CancelPendingFlush() => _inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => _inner.Complete(exception);

        public override Memory<byte> GetMemory(int sizeHint = 0) => _inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => _inner.GetSpan(sizeHint);

        public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            var flushed = await _inner.FlushAsync(cancellationToken);
            if (_hasIt)
            {
                await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await caller.BreakAsync(context));
            }

            return flushed;
        }

        public override async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            _hasIt |= caller.At(source);
            if (_hasIt && !caller.After)
            {
                await caller.BreakAsync(context);
            }

            return await _inner.WriteAsync(source, cancellationToken);
        }
    }

    private bool At(ReadOnlyMemory<byte> written) => at(System.Text.Encoding.UTF8.GetString(written.Span));
}
