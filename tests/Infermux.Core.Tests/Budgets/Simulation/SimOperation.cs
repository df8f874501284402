using Infermux.Core.Budgets;

namespace Infermux.Core.Tests.Budgets.Simulation;

/// <summary>One request as its gateway sees it, with what its providers really billed.</summary>
internal sealed class SimOperation(Guid id, SimJournal gateway, bool stream)
{
    public Guid Id { get; } = id;

    public SimJournal Gateway { get; } = gateway;

    public bool Stream { get; } = stream;

    public SimPhase Phase { get; set; } = SimPhase.Asking;

    public int Sequence { get; set; } = 1;

    public int Attempt { get; set; } = 1;

    public decimal Asked { get; set; }

    public bool Overridden { get; set; }

    public List<int> Unbilled { get; } = [];

    /// <summary>Granted and dispatched: what each attempt may bill.</summary>
    public Dictionary<int, decimal> Lines { get; } = [];

    /// <summary>What each attempt billed.</summary>
    public Dictionary<int, decimal> Billed { get; } = [];

    public int Try { get; set; }

    public DateTimeOffset FirstTry { get; set; }

    public DateTimeOffset BeganAt { get; set; }

    public DateTimeOffset? PeriodEnd { get; set; }

    public bool Held { get; set; }

    /// <summary>Went on although the account did not answer.</summary>
    public bool Allowed { get; set; }

    public bool EverExpired { get; set; }

    public HoldLine Line => new(Attempt, "p" + (Attempt % 2), "m", Asked, Math.Min(Asked, 0.01m), Stream);
}
