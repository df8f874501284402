using Infermux.Core.Circuits;
using Infermux.Core.Configuration;
using Infermux.Core.Limits;
using Infermux.Core.Routing;
using Infermux.Grains.Contracts.Routing;
using Microsoft.Extensions.Logging;

namespace Infermux.Grains.Routing;

/// <summary>
/// The selector of a gateway that reaches no silo: the same ranking as any, over last views with a <see cref="LocalProvider"/> in the place of each owner.
/// What it decided is forgotten when a silo is heard again, since the owners know better.
/// </summary>
internal sealed partial class DegradedSelector(
    RoutingWorlds worlds, ProviderViews views, ActingAccounts acting, TimeProvider time, Random random, ILogger<DegradedSelector> logger) : IDegradedSelector
{
    private readonly Lock _lock = new();
    private volatile Dictionary<string, LocalProvider>? _providers; // null while off
    private long _begunAt;
    private long _answers;

    public long Heard => Interlocked.Read(ref _answers) + views.News;

    public bool IsOn
    {
        get
        {
            if (_providers is null)
            {
                return false;
            }

            lock (_lock)
            {
                return !HasEnded();
            }
        }
    }

    public void Answered() => Interlocked.Increment(ref _answers);

    public bool Begin(long heard)
    {
        lock (_lock)
        {
            if (_providers is null && Heard == heard)
            {
                (_providers, _begunAt) = (new Dictionary<string, LocalProvider>(StringComparer.Ordinal), heard);
                LogBegan(views.Processes.Gateways);
            }

            return !HasEnded();
        }
    }

    public Selection Choose(SelectRequest request, Func<string, int> inFlight)
    {
        var (world, facts, now) = (worlds.Current, SelectionFacts.Of(request), time.GetUtcNow());
        var route = world.Table.Route(facts);
        var money = CallerMoney.Of(request, world, acting);
        lock (_lock)
        {
            var states = Show(world, now);
            var candidates = new RankedCandidate[route.Candidates.Length];
            var ranking = RouteRanker.Rank(route, facts, states, now, random, route.Rotation.Turn(request.Attempt), candidates);
            candidates = candidates[..ranking.Count];
            var passed = false;
            var denied = ranking.Eligible > 0 && money.Reserves && money.WhenUnavailable is OnUnavailable.Deny;
            for (var at = 0; !denied && at < ranking.Eligible; at++)
            {
                if (Passes(request, facts, money, route.Candidates[candidates[at].Index], out var capped))
                {
                    (candidates[at].Verdict, passed) = (Verdict.Budget, true);
                }
                else if (Admit(route, candidates, at, request, facts, inFlight, now) is { } admission)
                {
                    return SelectionAnswers.Selected(world, route, candidates, at, admission.Generation, admission.ProbePermit, now) with
                    {
                        Degraded = true,
                        Capped = capped,
                        ModelOverride = request.ModelOverride,
                    };
                }
            }

            var refused = SelectionAnswers.Refused(world, route, facts, candidates, states, now) with
            {
                Degraded = true,
                ModelOverride = request.ModelOverride,
            };
            return denied || passed ? refused with { Outcome = SelectionOutcome.BudgetUnavailable, RetryAfter = null, NearModels = [] } : refused;
        }
    }

    public void Tell(string provider, OutcomeBatch met)
    {
        if (_providers is null)
        {
            return;
        }

        lock (_lock)
        {
            if (!HasEnded() && _providers!.TryGetValue(provider, out var local))
            {
                local.Tell(met, worlds.Current.Configuration.Options.Routing.LeastLatency.EwmaDecay, time.GetUtcNow());
            }
        }
    }

    /// <summary>Whether an attempt would pass what this gateway may spend without asking the account; where it would not, what it can cost at most.</summary>
    private static bool Passes(SelectRequest request, in RouteFacts facts, CallerMoney money, RouteCandidate candidate, out Hold? capped)
    {
        capped = money is { Reserves: true, WhenUnavailable: OnUnavailable.Capped }
            ? SelectionFacts.CappedHold(money.Account, request, facts, candidate)
            : null;
        return capped is not null && !(capped.Amount <= request.CappedLeft);
    }

    private CandidateState[] Show(RoutingWorld world, DateTimeOffset now)
    {
        var options = world.Table.Options.Providers;
        var last = views.States(options);
        var states = new CandidateState[last.Length];
        for (var i = 0; i < states.Length; i++)
        {
            states[i] = Local(options[i], now).Show(last[i], now);
        }

        return states;
    }

    /// <summary>Null, and the verdict in its place, where the attempt may not go there.</summary>
    private LocalAdmission? Admit(
        Route route, RankedCandidate[] candidates, int at, SelectRequest request, in RouteFacts facts, Func<string, int> inFlight, DateTimeOffset now)
    {
        var provider = route.Candidates[candidates[at].Index].Provider.Options;
        var admission = Local(provider, now).Admit(
            new AdmissionKey(request.Operation, request.Attempt), facts.PromptEstimate + facts.ExpectedCompletion, request.Stream, inFlight(provider.Name), now);
        if (admission.Refusal is not { } why)
        {
            return admission;
        }

        (candidates[at].Verdict, candidates[at].UntilTicks) = (why, admission.Until?.UtcTicks ?? 0);
        return null;
    }

    private LocalProvider Local(ProviderOptions provider, DateTimeOffset now)
    {
        var known = _providers;
        if (known?.TryGetValue(provider.Name, out var local) is true && local.Options == provider)
        {
            return local;
        }

        local = new LocalProvider(provider, ViewCircuits.Of(views.Find(provider.Name), now), views.Processes.Gateways, now);
        if (known is not null) // else it ended while this selection was made, which is the last of its kind
        {
            known[provider.Name] = local;
        }

        return local;
    }

    private bool HasEnded()
    {
        if (_providers is not null && Heard != _begunAt)
        {
            _providers = null;
            LogEnded();
        }

        return _providers is null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No silo answers: providers are chosen here, over the last views and what this gateway's own attempts meet, "
        + "with a share of one in {Gateways} of their ceilings; hard budgets are served as on_unavailable says")]
    private partial void LogBegan(int gateways);

    [LoggerMessage(Level = LogLevel.Information, Message = "A silo answers again: providers are chosen there")]
    private partial void LogEnded();
}
