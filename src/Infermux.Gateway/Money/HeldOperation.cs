namespace Infermux.Gateway.Money;

/// <summary>
/// A running operation for which an account holds money, or may. Its place in the list of <see cref="HoldRefresher"/> is in the object itself, so that a
/// request that ends before the first refresh costs neither an allocation nor a timer.
/// </summary>
internal abstract class HeldOperation
{
    /// <summary>The account that holds money for it, or may; null while none does.</summary>
    public abstract string? HeldBy { get; }

    /// <summary>The operation.</summary>
    public abstract Guid Operation { get; }

    /// <summary>USD that its stream has used so far beside the prompt; 0 for a whole answer. Called from another thread.</summary>
    public abstract decimal Actual { get; }

    /// <summary>The last actual that could be told. The refresher's.</summary>
    internal decimal LastActual { get; set; }

    /// <summary>The next one in the list. The refresher's.</summary>
    internal HeldOperation? Next { get; set; }

    /// <summary>The one before it in the list. The refresher's.</summary>
    internal HeldOperation? Previous { get; set; }

    /// <summary>Whether it is in the list. The refresher's.</summary>
    internal bool IsListed { get; set; }

    /// <summary>The round of refreshes before which it was listed. The refresher's.</summary>
    internal int Round { get; set; }
}
