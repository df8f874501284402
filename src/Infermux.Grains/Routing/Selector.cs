using Infermux.Core.Routing;
using Infermux.Grains.Contracts.Providers;
using Infermux.Grains.Contracts.Routing;
using Microsoft.Extensions.Logging;

namespace Infermux.Grains.Routing;

/// <summary>
/// Selects over this process's views. Where no money is reserved and no owner asked, which is the usual request, the answer is made on the spot: views are
/// read and the choice is made without an await between, on the stack. Everything else is a <see cref="SelectionRun"/>.
/// </summary>
internal sealed partial class Selector(
    RoutingWorlds worlds,
    ProviderViews views,
    ActingAccounts acting,
    AdmissionGates gates,
    OwnerClocks clocks,
    Reservations reservations,
    IGrainFactory grains,
    TimeProvider time,
    Random random,
    ILogger<Selector> logger) : ISelector
{
    private const int OnStack = 16;
    private static readonly TimeSpan AdmitTimeout = TimeSpan.FromMilliseconds(300);

    public ProviderViews Views => views;

    public ActingAccounts Acting => acting;

    public AdmissionGates Gates => gates;

    public Reservations Reservations => reservations;

    public DateTimeOffset Now => time.GetUtcNow();

    public ValueTask<Selection> SelectAsync(SelectRequest request)
    {
        var world = worlds.Current;
        var facts = SelectionFacts.Of(request);
        var route = world.Table.Route(facts);
        var turn = route.Rotation.Turn(request.Attempt);
        var money = CallerMoney.Of(request, world, acting);
        return !money.Reserves && SelectNow(world, route, facts, turn) is { } selection
            ? new(selection)
            : new(new SelectionRun(this, world, request, facts, money).RunAsync(route, turn));
    }

    public Ranking Rank(Route route, in RouteFacts facts, long turn, Span<RankedCandidate> into) =>
        RouteRanker.Rank(route, facts, views.States(route.Table.Options.Providers), Now, random, turn, into);

    public RankedCandidate LookAgain(Route route, int index, in RouteFacts facts) =>
        RouteRanker.LookAgain(route, index, facts, views.States(route.Table.Options.Providers), Now);

    /// <summary>The owner's answer; null where it gave none in time: the place it may have given all the same is given back.</summary>
    public async ValueTask<Admission?> AdmitAsync(string provider, AdmitRequest request)
    {
        var (owner, asked) = (grains.GetGrain<IProviderGrain>(provider), clocks.Uptime);
        try
        {
            var known = views.Find(provider)?.Incarnation ?? 0;
            var admission = await owner.AdmitAsync(request with { NotAfter = clocks.NotAfter(provider), Incarnation = known }).AsTask().WaitAsync(AdmitTimeout, time);
            clocks.Heard(provider, admission, asked);
            views.Heard(provider, admission.Incarnation);

            // An owner that has a successor may still stand: what it grants besides is not used.
            return admission.Incarnation == 0 || admission.Incarnation >= (views.Find(provider)?.Incarnation ?? 0)
                ? admission
                : admission with { Admitted = false, Refusal = "" };
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            LogNotAdmitted(exception, provider);
            _ = owner.ReleaseAsync(request.Operation, request.Attempt); // one-way: a lost one leaves the place taken until it lapses
            return null;
        }
    }

    public Selection Selected(RoutingWorld world, Route route, Span<RankedCandidate> candidates, int at, Admission? admission = null)
    {
        var provider = route.Candidates[candidates[at].Index].Provider.Options.Name;
        return SelectionAnswers.Selected(
            world, route, candidates, at, admission?.Generation ?? views.Find(provider)?.Generation ?? 0, admission?.ProbePermit, Now);
    }

    public Selection Refused(RoutingWorld world, Route route, in RouteFacts facts, ReadOnlySpan<RankedCandidate> candidates) =>
        SelectionAnswers.Refused(world, route, facts, candidates, views.States(world.Table.Options.Providers), Now);

    private Selection? SelectNow(RoutingWorld world, Route route, in RouteFacts facts, long turn)
    {
        var count = route.Candidates.Length;
        Span<RankedCandidate> room = count <= OnStack ? stackalloc RankedCandidate[OnStack] : new RankedCandidate[count];
        var ranking = Rank(route, facts, turn, room);
        var candidates = room[..ranking.Count];
        return ranking.Eligible == 0 ? Refused(world, route, facts, candidates)
            : candidates[0].Admit is AdmitReason.None ? Selected(world, route, candidates, 0)
            : null;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The owner of provider {Provider} did not answer an admission in time")]
    private partial void LogNotAdmitted(Exception exception, string provider);
}
