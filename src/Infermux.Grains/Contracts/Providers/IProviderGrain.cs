namespace Infermux.Grains.Contracts.Providers;

/// <summary>
/// Owns what the cluster knows of one provider: circuit, windows, latency average, in flight, limits, rests, manual holds, health. Key: the provider's name.
/// </summary>
[GrainInterfaceType("infermux.provider")]
public interface IProviderGrain : IGrainWithStringKey
{
    /// <summary>Admits one attempt where the view alone cannot: half-open, <c>rate_limits</c>, <c>max_concurrency</c>. Repeating it admits once.</summary>
    [Alias("admit")]
    ValueTask<Admission> AdmitAsync(AdmitRequest request);

    /// <summary>
    /// Gives back what <see cref="AdmitAsync"/> granted or may still grant (a call that timed out) to an attempt that was not sent: place, tokens, probe permit.
    /// A lost release costs no more than a permit that lapses, so nobody waits.
    /// </summary>
    [Alias("release"), Orleans.Concurrency.OneWay]
    Task ReleaseAsync(Guid operation, int attempt);

    /// <summary>Outcomes of one gateway since its last report, and what it has in flight now. A repeated report number changes nothing.</summary>
    [Alias("report")]
    Task<ReportReceipt> ReportAsync(OutcomeReport report);

    /// <summary>The view; also what activates the grain.</summary>
    [Alias("get")]
    ValueTask<ProviderView> GetAsync();

    /// <summary>The view, for the directory, which is told of every transition of the next 30 s by calls of its own.</summary>
    [Alias("attend")]
    ValueTask<ProviderView> AttendAsync();

    /// <summary>Subscribes an observer that selects to every new view; renewed at least every 10 s, forgotten after 30 s.</summary>
    [Alias("subscribe")]
    ValueTask<ProviderView> SubscribeAsync(IProviderViewObserver observer);

    /// <summary>The same for an observer that does not select: it gets what must be known at once, and figures by the poll.</summary>
    [Alias("watch")]
    ValueTask<ProviderView> WatchAsync(IProviderViewObserver observer);

    /// <summary>Stops an observer.</summary>
    [Alias("unsubscribe")]
    Task UnsubscribeAsync(IProviderViewObserver observer);

    /// <summary>Manual control: open, hold, close or reset. Acts at once, also while the store is away.</summary>
    [Alias("control")]
    ValueTask<ProviderView> ControlAsync(CircuitControl control);
}
