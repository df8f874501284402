using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Infermux.Hosting.Events;

namespace Infermux.Gateway.Management;

/// <summary><c>GET /_infermux/events</c>: what happens in this process, as server-sent events, from now on.</summary>
internal static class EventEndpoints
{
    /// <summary>Events that one follower may be behind; the oldest are dropped.</summary>
    private const int QueueLength = 4096;

    /// <summary>Pause after each write, so that a busy process writes many events at once and not one after the other.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static void MapEvents(this IEndpointRouteBuilder management) => management.MapGet(
        "/events",
        async (HttpContext http, EventBus bus, IHostApplicationLifetime lifetime, TimeProvider time) =>
        {
            // A follower never ends by itself; it must not hold up the end of the process.
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
            try
            {
                await FollowAsync(http.Response, bus, time, ended.Token);
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                // The follower left, or the process ends.
            }
        });

    private static async Task FollowAsync(HttpResponse response, EventBus bus, TimeProvider time, CancellationToken ended)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache,no-store";
        var queue = Channel.CreateBounded<IInfermuxEvent>(new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropOldest });
        using var subscription = bus.Subscribe(new Follower(queue.Writer));
        response.BodyWriter.Write("event: following\ndata: {}\n\n"u8); // the head goes out with it: from here on nothing is missed
        await response.BodyWriter.FlushAsync(ended);
        await using var json = new Utf8JsonWriter(response.BodyWriter);
        while (await queue.Reader.WaitToReadAsync(ended))
        {
            while (queue.Reader.TryRead(out var happened))
            {
                Write(response.BodyWriter, json, happened);
            }

            await response.BodyWriter.FlushAsync(ended);
            await Task.Delay(Pause, time, ended);
        }
    }

    private static void Write(IBufferWriter<byte> body, Utf8JsonWriter json, IInfermuxEvent happened)
    {
        body.Write("event: "u8);
        Encoding.UTF8.GetBytes(happened.Type, body);
        body.Write("\ndata: "u8);
        json.Reset();
        JsonSerializer.Serialize(json, happened, happened.GetType(), ManagementJson.Options);
        json.Flush();
        body.Write("\n\n"u8);
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
