namespace Infermux.Hosting.Events;

/// <summary>Receives events, in order, one at a time, off the request path. What it throws is logged and the next event follows.</summary>
public interface IEventSubscriber
{
    /// <summary>One event.</summary>
    ValueTask OnEventAsync(IInfermuxEvent happened, CancellationToken cancellationToken);
}
