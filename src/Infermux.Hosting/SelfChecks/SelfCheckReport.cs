using Infermux.Core.Configuration;

namespace Infermux.Hosting.SelfChecks;

/// <summary>What the self-checks of this process last found, for whoever asks <c>/readyz?verbose</c>.</summary>
/// <param name="isSilo">Whether this process owns truths, so that a clock astray must end it.</param>
/// <param name="whyNotWriting">Why the store within this process writes nothing more; null while it writes, or where there is none.</param>
public sealed class SelfCheckReport(bool isSilo, Func<string?>? whyNotWriting = null)
{
    private volatile IReadOnlyList<ConfigProblem> _store = [];
    private volatile ConfigProblem? _clock;
    private volatile string? _away;
    private volatile string? _silent;
    private long _skewTicks;

    /// <summary>How far this clock is ahead of the store's, as last measured.</summary>
    public TimeSpan ClockSkew => TimeSpan.FromTicks(Interlocked.Read(ref _skewTicks));

    /// <summary>Why something is not known of the store: it is away, or refuses to say; null where all is known.</summary>
    public string? WhyUnknown => _away ?? _silent;

    /// <summary>All that is wrong now.</summary>
    public IReadOnlyList<ConfigProblem> Problems =>
    [
        .. _store,
        .. _clock is { } clock ? [clock] : Array.Empty<ConfigProblem>(),
        .. whyNotWriting?.Invoke() is { } why
            ? [new("cluster.data_dir", $"the embedded store could not write ({why}), and writes nothing more: budgets and costs stand still.", "Make room there and restart.")]
            : Array.Empty<ConfigProblem>(),
    ];

    /// <summary>As <c>/readyz?verbose</c> shows it.</summary>
    public object Shown => new
    {
        clock_skew_ms = Math.Round(ClockSkew.TotalMilliseconds),
        unknown = WhyUnknown,
        problems = Problems.Select(problem => new { problem = $"{problem.Path}: {problem.Problem}", mend = problem.Mend, warning = problem.IsWarning }),
    };

    internal bool IsAway => _away is not null;

    internal ConfigProblem? ClockProblem => _clock;

    internal IReadOnlyList<ConfigProblem> Refusals => [.. Problems.Where(problem => !problem.IsWarning)];

    internal void Skew(TimeSpan skew)
    {
        Interlocked.Exchange(ref _skewTicks, skew.Ticks);
        _clock = SelfChecks.ClockSkew.Problem(skew, isSilo);
    }

    internal void Facts(StoreFacts facts) => (_store, _silent, _away) = ([.. StoreJudgement.Of(facts)], StoreJudgement.Unknown(facts), null);

    internal void Away(string why) => _away = why;
}
