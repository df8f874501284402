using Infermux.Core.Configuration;
using Infermux.Core.Routing;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Providers;
using Infermux.Grains.Contracts.Routing;

namespace Infermux.Grains.Routing;

/// <summary>
/// One selection that has to ask others: it walks the ranking, and for each candidate passes the gate, reserves, looks again (time has passed), and asks the
/// owner. A candidate that fails at one of these leaves its verdict and the next one is tried, in the same call. Each reserve of a call replaces the attempt's
/// line; what is held when nobody is left goes back.
/// </summary>
internal sealed class SelectionRun(Selector selector, RoutingWorld world, SelectRequest request, RouteFacts facts, CallerMoney money)
{
    private const int MostSteps = 60;

    private Route _route = null!;
    private RouteFacts _facts = facts;
    private RankedCandidate[] _candidates = [];
    private int _eligible;
    private bool _reserves = money.Reserves;
    private string? _override = request.ModelOverride;
    private int _step;
    private ReserveCommand? _held;
    private Hold? _hold;
    private BudgetRefusal? _denied;
    private bool _capped; // the account cannot be reached, and the gateway's own share of its limit pays
    private bool _passedCap;
    private ReserveAnswer? _answer;
    private Selection? _end;

    private enum Step
    {
        Next,
        SamePlace,
        FromTheStart,
        Proceed,
        End,
    }

    public async Task<Selection> RunAsync(Route route, long turn)
    {
        Rank(route, turn);
        for (var at = 0; at < _eligible;)
        {
            switch (await TryAsync(at))
            {
                case Step.Next:
                    at++;
                    break;
                case Step.FromTheStart:
                    at = 0;
                    break;
                case Step.End:
                    return _end!;
                default:
                    break;
            }
        }

        return NobodyLeft();
    }

    private void Rank(Route route, long turn)
    {
        (_route, _candidates) = (route, new RankedCandidate[route.Candidates.Length]);
        var ranking = selector.Rank(route, _facts, turn, _candidates);
        (_candidates, _eligible) = (_candidates[..ranking.Count], ranking.Eligible);
    }

    private async ValueTask<Step> TryAsync(int at)
    {
        var provider = _route.Candidates[_candidates[at].Index].Provider.Options.Name;
        var view = selector.Views.Find(provider);
        var gate = selector.Gates.Of(provider, _candidates[at].Admit);
        if (gate is not null && !gate.TryEnter(view))
        {
            return HasProbe(at) ? Held(at, Verdict.ProbeOut) : Demote(at);
        }

        Admission? admission = null;
        try
        {
            if (await PayAsync(at) is var step and not Step.Proceed)
            {
                return step;
            }

            if (_candidates[at].Admit is not AdmitReason.None && (admission = await AdmitAsync(at, provider)) is not { Admitted: true })
            {
                return Refused(at, admission);
            }
        }
        finally
        {
            gate?.Leave(view, answered: admission is not null);
        }

        return End(selector.Selected(world, _route, _candidates, at, admission) with
        {
            Hold = _hold,
            Capped = _capped ? CappedHold(at) : null,
            ModelOverride = _override,
            ReservedTokens = admission is null ? null : Tokens,
        });
    }

    private ValueTask<Step> PayAsync(int at) => _reserves ? ReserveAsync(at) : new(_capped ? PayCapped(at) : Step.Proceed);

    private async ValueTask<Step> ReserveAsync(int at)
    {
        var candidate = _route.Candidates[_candidates[at].Index];
        var amount = SelectionFacts.AmountOf(request, _facts, candidate);
        if (_denied?.Requested <= amount.Amount || _step >= MostSteps)
        {
            return Held(at, Verdict.Budget);
        }

        var command = Command(candidate, amount);
        var answer = await selector.Reservations.ReserveAsync(money.Account, command, request.AccountPatience);
        _answer = answer is { Incarnation: not 0 } ? answer : _answer;
        switch (answer?.Outcome)
        {
            case ReserveOutcome.Granted:
                (_held, _hold) = (command, new Hold(money.Account, amount.Amount, amount.InputAmount, amount.OutputCap, answer.PeriodEnd));
                return LookAgain(at);
            case ReserveOutcome.NotNeeded:
                selector.Acting.NotNeeded(money.Account);
                return WithoutHold(at);
            case ReserveOutcome.Override when _override is null && answer.ModelOverride is { } replacement:
                return Override(replacement);
            case ReserveOutcome.Denied or ReserveOutcome.Override:
                _denied = new BudgetRefusal(answer.Limit, answer.Settled, answer.Reserved, amount.Amount, answer.PeriodEnd);
                return Held(at, Verdict.Budget);
            case ReserveOutcome.Moved:
            case ReserveOutcome.Late when request.AsksAgain && answer.SiloTime > request.NotAfter: // the gateway reckoned with another clock
                return End(Refusal() with { Outcome = SelectionOutcome.AccountMoved, RetryAfter = null, NearModels = [] });
            case ReserveOutcome.LedgerDoubted:
                GiveBack();
                return End(Refusal() with { Outcome = SelectionOutcome.LedgerDoubted, RetryAfter = null, NearModels = [] });
            case null when request.AsksAgain:
                _held = command; // by the same operation and attempt the next call's reserve takes its place
                return End(Refusal() with { Outcome = SelectionOutcome.AccountSilent, RetryAfter = null, NearModels = [] });
            default:
                return Unreachable(at, command);
        }
    }

    private ReserveCommand Command(RouteCandidate candidate, HoldAmount amount) => new()
    {
        Operation = request.Operation,
        Sequence = HoldSequence.Reserve(request.Attempt, request.Repeat, _step++),
        NotAfter = request.NotAfter,
        Incarnation = request.AccountIncarnation,
        Seen = request.LedgerSeen,
        Attempt = request.Attempt,
        Provider = candidate.Provider.Options.Name,
        TargetModel = candidate.TargetModel,
        Amount = amount.Amount,
        InputAmount = amount.InputAmount,
        Stream = request.Stream,
        UnbilledAttempts = request.UnbilledAttempts,
        Overridden = _override is not null,
        Project = request.Project,
        Env = request.Env,
        Group = _route.Group,
    };

    // A circuit may have opened while the account was asked.
    private Step LookAgain(int at)
    {
        ref var candidate = ref _candidates[at];
        var now = selector.LookAgain(_route, candidate.Index, _facts);
        if (!now.IsEligible)
        {
            candidate.UntilTicks = now.UntilTicks;
            return Held(at, now.Verdict);
        }

        if ((now.Admit & AdmitReason.Probe) != AdmitReason.None && !HasProbe(at))
        {
            return Held(at, Verdict.CircuitOpen); // its one permit is behind a gate that this selection did not pass
        }

        candidate.Admit |= now.Admit;
        return Step.Proceed;
    }

    private Step WithoutHold(int at)
    {
        (_reserves, _hold) = (false, null);
        return LookAgain(at);
    }

    private Step Override(string replacement)
    {
        _override = replacement;
        _facts = _facts with { Model = replacement };
        var route = world.Table.Route(_facts);
        Rank(route, route.Rotation.Turn(request.Attempt));
        return Step.FromTheStart;
    }

    // A reserve that got no answer may have been granted. Going on without a hold needs no release here: the gateway resolves whatever is held.
    private Step Unreachable(int at, ReserveCommand command)
    {
        _held = command;
        switch (money.WhenUnavailable)
        {
            case OnUnavailable.Allow:
                return WithoutHold(at);
            case OnUnavailable.Capped:
                (_reserves, _hold, _capped) = (false, null, true);
                return PayCapped(at);
        }

        GiveBack();
        return End(Refusal() with { Outcome = SelectionOutcome.BudgetUnavailable, RetryAfter = null, NearModels = [] });
    }

    private Step PayCapped(int at)
    {
        if (CappedHold(at).Amount <= request.CappedLeft)
        {
            return LookAgain(at);
        }

        _passedCap = true;
        return Held(at, Verdict.Budget);
    }

    private Hold CappedHold(int at) => SelectionFacts.CappedHold(money.Account, request, _facts, _route.Candidates[_candidates[at].Index]);

    private ValueTask<Admission?> AdmitAsync(int at, string provider) => selector.AdmitAsync(provider, new AdmitRequest(
        request.Operation,
        request.Attempt,
        Tokens,
        request.Stream,
        (_candidates[at].Admit & AdmitReason.Exploratory) != AdmitReason.None));

    private long Tokens => _facts.PromptEstimate + _facts.ExpectedCompletion;

    private Step Refused(int at, Admission? admission)
    {
        var verdict = VerdictWords.FromRefusal(admission?.Refusal ?? "");
        if (verdict is Verdict.NotAdmitted && admission is not null && (_candidates[at].Admit & AdmitReason.Exploratory) != AdmitReason.None && !HasProbe(at))
        {
            return Demote(at);
        }

        _candidates[at].UntilTicks = admission?.Until?.UtcTicks ?? 0;
        return Held(at, verdict);
    }

    /// <summary>Somebody else explores: the candidate goes back to the place of its old average, and may be chosen there like any other.</summary>
    private Step Demote(int at)
    {
        RouteRanker.Demote(_candidates.AsSpan(at, _eligible - at));
        return Step.SamePlace;
    }

    private bool HasProbe(int at) => (_candidates[at].Admit & AdmitReason.Probe) != AdmitReason.None;

    private Step Held(int at, Verdict verdict)
    {
        _candidates[at].Verdict = verdict;
        return Step.Next;
    }

    private Step End(Selection selection)
    {
        _end = Told(selection);
        return Step.End;
    }

    private Selection NobodyLeft()
    {
        var refusal = Refusal();
        if (_held is null && _denied is not null)
        {
            return Told(refusal) with
            {
                Outcome = SelectionOutcome.BudgetExceeded,
                Budget = _denied,
                RetryAfter = _denied.PeriodEnd is { } end && end > refusal.SiloTime ? end - refusal.SiloTime : null,
            };
        }

        GiveBack();
        return Told(_passedCap ? refusal with { Outcome = SelectionOutcome.BudgetUnavailable, RetryAfter = null, NearModels = [] } : refusal);
    }

    /// <summary>With what the gateway must know of the account, whatever the outcome.</summary>
    private Selection Told(Selection selection) => selection with
    {
        AccountIncarnation = _answer?.Incarnation ?? 0,
        AccountTime = _answer?.SiloTime,
        Ledger = _answer?.Ledger,
        MayBeHeldBy = _held is not null && selection.Hold is null ? money.Account : null,
    };

    private Selection Refusal() => selector.Refused(world, _route, _facts, _candidates) with { ModelOverride = _override };

    private void GiveBack()
    {
        if (_held is not null)
        {
            selector.Reservations.Release(
                money.Account, _held with { Sequence = HoldSequence.Reserve(request.Attempt, request.Repeat, _step++) });
        }
    }
}
