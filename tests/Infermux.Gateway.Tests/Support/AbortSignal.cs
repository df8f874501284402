using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Infermux.Gateway.Tests.Support;

/// <summary>Tells when the gateway has noticed that a caller hung up.</summary>
internal sealed class AbortSignal : IStartupFilter
{
    private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Seen => _seen.Task;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, following) =>
        {
            context.RequestAborted.UnsafeRegister(static seen => ((TaskCompletionSource)seen!).TrySetResult(), _seen);
            return following(context);
        });
        next(app);
    };
}
