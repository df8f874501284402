using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Infermux.Hosting.Events;

/// <summary>
/// Brings events to subscribers off the request path. Each subscriber has a queue of its own, bounded at 8,192; when one is full its oldest events are
/// dropped and counted, so a slow sink neither blocks a request nor another sink, and memory stays flat.
/// </summary>
public sealed partial class EventBus(ILogger<EventBus> logger, IEnumerable<IEventSubscriber> subscribers) : BackgroundService
{
    /// <summary>Events one subscriber may be behind.</summary>
    public const int QueueLength = 8192;

    private readonly List<Task> _pumps = [];
    private ImmutableArray<Queue> _queues = [];
    private long _dropped;

    /// <summary>Events dropped since the start because a subscriber was behind.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Whether anybody listens, so that nobody builds an event for nobody.</summary>
    public bool HasSubscribers => !_queues.IsEmpty;

    /// <summary>Queues an event for every subscriber. Never blocks, never throws.</summary>
    public void Publish(IInfermuxEvent happened)
    {
        foreach (var queue in _queues)
        {
            queue.Events.Writer.TryWrite(happened);
        }
    }

    /// <summary>Adds a subscriber until the returned value is disposed.</summary>
    public IDisposable Subscribe(IEventSubscriber subscriber)
    {
        var queue = NewQueue();
        ImmutableInterlocked.Update(ref _queues, static (queues, added) => queues.Add(added), queue);
        var pump = PumpAsync(queue, subscriber);
        return new Subscription(() =>
        {
            ImmutableInterlocked.Update(ref _queues, static (queues, removed) => queues.Remove(removed), queue);
            queue.Events.Writer.TryComplete();
            _ = pump; // ends by itself once its queue is empty
        });
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var subscriber in subscribers)
        {
            var queue = NewQueue();
            ImmutableInterlocked.Update(ref _queues, static (queues, added) => queues.Add(added), queue);
            _pumps.Add(PumpAsync(queue, subscriber));
        }

        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            foreach (var queue in _queues)
            {
                queue.Events.Writer.TryComplete();
            }
        }

        await Task.WhenAll(_pumps);
    }

    private Queue NewQueue() => new(Channel.CreateBounded<IInfermuxEvent>(
        new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
        _ => Interlocked.Increment(ref _dropped)));

    private async Task PumpAsync(Queue queue, IEventSubscriber subscriber)
    {
        await foreach (var happened in queue.Events.Reader.ReadAllAsync())
        {
            try
            {
                await subscriber.OnEventAsync(happened, CancellationToken.None);
            }
            catch (Exception failed)
            {
                LogSubscriberFailed(failed, subscriber.GetType().Name, happened.Type);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Event subscriber {Subscriber} failed on {EventType}; the event is skipped.")]
    private partial void LogSubscriberFailed(Exception failed, string subscriber, string eventType);

    private sealed record Queue(Channel<IInfermuxEvent> Events);

    private sealed class Subscription(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}
