using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Infermux.Hosting.Events;

namespace Infermux.Gateway.Management;

/// <summary><c>GET /_infermux/events</c>: what happens in this process, as server-sent events, from now on.</summary>
internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder management) =>
        management.MapGet("/events", (EventBus bus, HttpContext http, IHostApplicationLifetime lifetime) =>
            TypedResults.ServerSentEvents(FollowAsync(bus, http.RequestAborted, lifetime.ApplicationStopping)));

    private static async IAsyncEnumerable<SseItem<string>> FollowAsync(
        EventBus bus, [EnumeratorCancellation] CancellationToken gone, CancellationToken stopping)
    {
        // A follower never ends by itself; it must not hold up the end of the process.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, stopping);
        var queue = Channel.CreateBounded<IInfermuxEvent>(new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest });
        using var subscription = bus.Subscribe(new Follower(queue.Writer));
        yield return new SseItem<string>("{}", "following"); // the head goes out with it: from here on nothing is missed
        using var end = either.Token.Register(() => queue.Writer.TryComplete());
        await foreach (var happened in queue.Reader.ReadAllAsync(CancellationToken.None))
        {
            yield return new SseItem<string>(JsonSerializer.Serialize(happened, happened.GetType(), ManagementJson.Options), happened.Type);
        }
    }

    private sealed class Follower(ChannelWriter<IInfermuxEvent> queue) : IEventSubscriber
    {
        public ValueTask OnEventAsync(IInfermuxEvent happened, CancellationToken cancellationToken)
        {
            queue.TryWrite(happened);
            return ValueTask.CompletedTask;
        }
    }
}
