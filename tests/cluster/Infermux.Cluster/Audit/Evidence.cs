using Infermux.Cluster.Load;

namespace Infermux.Cluster.Audit;

/// <summary>What is known once all is quiet, of each request, account and provider; and what it proves of each invariant. Pure.</summary>
/// <param name="Records">What callers saw.</param>
/// <param name="Books">Accounts and ledger.</param>
/// <param name="Billed">What each caller was billed by all providers.</param>
/// <param name="Deaths">Which processes were ended, and when.</param>
internal sealed record Evidence(IReadOnlyCollection<CallRecord> Records, Books Books, IReadOnlyDictionary<string, decimal> Billed, IReadOnlyList<Death> Deaths)
{
    /// <summary>The longest that a lost silo may make anybody wait, beyond what they wait anyway.</summary>
    private static readonly TimeSpan LongestAddedWait = TimeSpan.FromSeconds(3);

    /// <summary>What providers billed each model, where each request had one of its own; else null.</summary>
    public IReadOnlyDictionary<string, decimal>? BilledByModel { get; init; }

    /// <summary>When the store did not answer. I8 is promised while it does, so a wait that had to do with that is shown and not judged.</summary>
    public IReadOnlyList<Absence> StoreAbsences { get; init; } = [];

    private decimal Settled => Books.Accounts.Values.Sum(account => account.Settled);

    private decimal Marked => Books.Accounts.Values.Sum(account => account.Marked);

    public AuditReport Judge()
    {
        var invariants = new List<Invariant> { Overdrawn(), Balanced() };
        if (BilledByModel is { } byModel)
        {
            invariants.Add(Apart(byModel));
        }

        invariants.AddRange([Told(), Held()]);
        if (Deaths.Any(death => !death.Told))
        {
            invariants.Add(Survived());
        }

        if (Deaths.Any(death => death.Told))
        {
            invariants.Add(Drained());
        }

        return new AuditReport(invariants, Settled, Marked);
    }

    /// <summary>I4: nothing settled beyond a limit, but for what providers billed beyond their holds.</summary>
    private Invariant Overdrawn()
    {
        var over = Books.Accounts.Values.Where(account => account.Limit is { } limit && account.Settled - account.Excess > limit).ToArray();
        var excess = Books.Accounts.Values.Sum(account => account.Excess);
        return new Invariant("I4", over.Length == 0 && excess == 0m, FormattableString.Invariant(
            $"{over.Length} of {Books.Accounts.Count} accounts over their limit{First(over.Select(account => $"{account.Caller} {account.Settled} of {account.Limit}"))}; {excess} USD billed beyond holds"));
    }

    /// <summary>I5: accounts = ledger, and = the providers' bills over all that is not marked; only a killed process that served leaves anything unsettled.</summary>
    private Invariant Balanced()
    {
        var (ledger, truth) = (Billed.Keys.Sum(Books.Ledger.GetValueOrDefault), Billed.Values.Sum());
        var wrong = Books.Accounts.Values.Where(account => Books.Ledger.GetValueOrDefault(account.Caller) != account.Settled
            || (account.Marked == 0m && account.Settled != Billed[account.Caller])).ToArray();
        var (mayLeave, unsettled) = (Deaths.Any(death => death is { Served: true, Told: false }), Books.Accounts.Values.Sum(account => account.Unsettled));
        return new Invariant("I5", wrong.Length == 0 && (mayLeave || unsettled == 0m), FormattableString.Invariant(
            $"accounts {Settled}, ledger {ledger}, providers' bills {truth} USD, {Marked} of it marked ({unsettled} unsettled); {wrong.Length} callers differ")
            + First(wrong.Select(account => FormattableString.Invariant(
                $"{account.Caller} settled {account.Settled} (marked {account.Marked}), ledger {Books.Ledger.GetValueOrDefault(account.Caller)}, billed {Billed[account.Caller]}"))));
    }

    /// <summary>
    /// I5 by request: a row that differs from its bill is of a request in flight at the kill of a process that served, was charged, and is marked: what such
    /// rows were charged is within what the accounts have marked.
    /// </summary>
    private Invariant Apart(IReadOnlyDictionary<string, decimal> billed)
    {
        var ledger = Books.LedgerByModel;
        var differ = billed.Keys.Union(ledger.Keys, StringComparer.Ordinal).Where(model => billed.GetValueOrDefault(model) != ledger.GetValueOrDefault(model)).ToArray();
        var inFlight = Records.Where(record => record.End is CallEnd.Cut or CallEnd.Hung && WasInFlightAtAKill(record)).Select(record => record.Model)
            .ToHashSet(StringComparer.Ordinal);
        var strangers = differ.Where(model => !inFlight.Contains(model) || !ledger.ContainsKey(model)).ToArray();
        var (charged, most) = (differ.Sum(ledger.GetValueOrDefault), inFlight.Sum(ledger.GetValueOrDefault));
        return new Invariant("I5 by request", strangers.Length == 0 && charged <= Marked && Marked <= most, FormattableString.Invariant(
            $"{differ.Length} rows differ from their bills and were charged {charged} USD; {Marked} USD are marked, {inFlight.Count} requests in flight at a kill have {most}")
            + First(strangers.Select(model => FormattableString.Invariant($"{model} ledger {ledger.GetValueOrDefault(model)}, billed {billed.GetValueOrDefault(model)}"))));
    }

    /// <summary>I6: what a caller was told that it paid is in its account.</summary>
    private Invariant Told()
    {
        var told = Records.GroupBy(record => record.Caller, StringComparer.Ordinal)
            .ToDictionary(records => records.Key, records => records.Sum(record => record.Cost ?? 0m), StringComparer.Ordinal);
        var lost = told.Where(caller => caller.Value > Books.Accounts[caller.Key].Settled).ToArray();
        return new Invariant("I6", lost.Length == 0, FormattableString.Invariant($"callers were told of {told.Values.Sum()} USD; {lost.Length} accounts have less than was told")
            + First(lost.Select(caller => FormattableString.Invariant($"{caller.Key} told {caller.Value}, settled {Books.Accounts[caller.Key].Settled}"))));
    }

    /// <summary>I7: nothing is held for requests that are over.</summary>
    private Invariant Held() => new(
        "I7",
        Books.Accounts.Values.All(account => account.OpenHolds == 0 && account.Reserved == 0m),
        FormattableString.Invariant($"{Books.Accounts.Values.Sum(account => account.OpenHolds)} holds of {Books.Accounts.Values.Sum(account => account.Reserved)} USD are left"));

    /// <summary>I8: a kill fails only what the killed process itself had accepted, and nobody waits for it.</summary>
    private Invariant Survived()
    {
        var failed = Records.Where(IsFailure).Where(record => !(record.End == CallEnd.Cut && WasInFlightAtAKill(record))).ToArray();
        var after = Records.Where(record => record.End == CallEnd.Complete && Deaths.Any(death => !death.Told && record.Due + record.Wait >= death.At)).ToArray();
        var (waits, unjudged) = (after.Where(record => !WaitedForTheStore(record)).ToArray(), after.Where(WaitedForTheStore).ToArray());
        var usual = At(Records.Where(record => record.End == CallEnd.Complete && Deaths.All(death => record.Due + record.Wait < death.At)), 0.5);
        var worst = At(waits, 1);
        return new Invariant("I8", failed.Length == 0 && worst <= usual + LongestAddedWait, FormattableString.Invariant(
            $"{failed.Length} failed that no killed process had accepted; worst wait {worst.TotalMilliseconds:0} ms, usually {usual.TotalMilliseconds:0}")
            + (unjudged.Length == 0 ? "" : FormattableString.Invariant($", {At(unjudged, 1).TotalMilliseconds:0} of {unjudged.Length} that waited for the store, too"))
            + First(failed.Select(record => $"{record.Due:HH:mm:ss.fff} {record.End} {record.Status} {record.Code} {record.Said}")));
    }

    private bool WaitedForTheStore(CallRecord record) => StoreAbsences.Any(absence => absence.Concerns(record));

    /// <summary>I9: a process that is told to end fails nobody and cuts nothing.</summary>
    private Invariant Drained()
    {
        var failed = Records.Where(IsFailure).Where(record => !(record.End == CallEnd.Cut && WasInFlightAtAKill(record))).ToArray();
        return new Invariant("I9", failed.Length == 0, FormattableString.Invariant($"{failed.Length} requests failed over {Deaths.Count(death => death.Told)} orderly ends")
            + First(failed.Select(record => $"{record.Due:HH:mm:ss.fff} +{record.Took.TotalSeconds:0.0}s {record.End} {record.Status} {record.Code} {record.Said}")));
    }

    /// <summary>A refusal for want of money is an answer.</summary>
    private static bool IsFailure(CallRecord record) => record.End is CallEnd.Cut or CallEnd.Hung || record is { End: CallEnd.Refused, Code: not "budget_exceeded" };

    private bool WasInFlightAtAKill(CallRecord record) => Deaths.Any(death => death is { Served: true, Told: false } && death.MayHaveCut(record));

    private static TimeSpan At(IEnumerable<CallRecord> records, double share)
    {
        var waits = records.Select(record => record.Wait).Order().ToArray();
        return waits.Length == 0 ? TimeSpan.Zero : waits[(int)Math.Min(waits.Length - 1, share * waits.Length)];
    }

    private static string First(IEnumerable<string> several) => string.Join(", ", several.Take(3)) is { Length: > 0 } few ? $" ({few})" : "";
}
