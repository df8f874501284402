using System.Collections.Concurrent;
using System.Collections.Immutable;
using Infermux.Core.Configuration;

namespace Infermux.Core.Routing;

/// <summary>
/// A configuration as selection reads it: for each model its routes, worked out at its first request. Immutable but for that cache and the turns of
/// <c>round_robin</c>; both are bounded by <see cref="MaxCachedModels"/>, since callers choose the names. Built once per configuration.
/// </summary>
public sealed class RoutingTable
{
    /// <summary>Models whose routes are kept; further ones are worked out for each request and share one turn.</summary>
    public const int MaxCachedModels = 4096;

    private readonly ConcurrentDictionary<string, ModelRoutes> _routes = new(StringComparer.Ordinal);
    private readonly Rotation _uncached = new();
    private readonly ImmutableArray<RouteGroup> _groups;
    private readonly RoutingPrices _prices;
    private int _cached;

    /// <summary>Reads a checked configuration.</summary>
    public RoutingTable(InfermuxOptions options, RoutingPrices prices)
    {
        (Options, _prices) = (options, prices);
        Providers = [.. options.Providers.Select((provider, ordinal) => new RoutedProvider(provider, ordinal))];
        _groups = [.. options.Routing.Groups.Select(group => new RouteGroup(group))];
    }

    /// <summary>The configuration.</summary>
    public InfermuxOptions Options { get; }

    /// <summary>The providers in file order.</summary>
    public ImmutableArray<RoutedProvider> Providers { get; }

    /// <summary>The route of a request.</summary>
    public Route Route(in RouteFacts facts) => RoutesOf(facts.Model).Resolve(facts);

    /// <summary>Every model name a caller may use, ordered, with a provider that serves it; <paramref name="states"/> in file order, for their listings.</summary>
    public IReadOnlyList<ServedModel> ServedModels(ReadOnlySpan<CandidateState> states)
    {
        var served = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var provider in Providers)
        {
            var options = provider.Options;
            IEnumerable<string> names = ModelService.Names(options).Concat(options.ModelAliases.Keys);
            if (options.Models is null)
            {
                var listed = states[provider.Ordinal].ListedModels;
                var known = listed is null || ModelService.AsksListing(options); // one that serves any name is told by its own listing, once there is one
                names = names.Concat(listed ?? []).Concat(known ? _prices.KnownModels(options) : []);
            }

            foreach (var name in names)
            {
                served.TryAdd(name, options.Name);
            }
        }

        return [.. served.Select(pair => new ServedModel(pair.Key, pair.Value))];
    }

    private ModelRoutes RoutesOf(string model)
    {
        if (_routes.TryGetValue(model, out var known))
        {
            return known;
        }

        if (Volatile.Read(ref _cached) >= MaxCachedModels)
        {
            return Build(model, _uncached);
        }

        var built = Build(model, new Rotation());
        if (_routes.TryAdd(model, built))
        {
            Interlocked.Increment(ref _cached);
            return built;
        }

        return _routes[model];
    }

    private ModelRoutes Build(string model, Rotation rotation)
    {
        var candidates = Providers
            .Select(provider => ModelService.Candidate(provider, model, _prices, Options.Pricing.Unknown))
            .OfType<RouteCandidate>()
            .ToImmutableArray();
        var entries = ImmutableArray.CreateBuilder<ModelRoutes.Entry>();
        foreach (var group in _groups)
        {
            if (Match(group, model) is { } match)
            {
                entries.Add(new ModelRoutes.Entry(group, match, GroupRoute(group, candidates)));
            }
        }

        return new ModelRoutes(new Route(this, "", Options.Routing.Strategy, candidates, rotation), entries.ToImmutable());
    }

    private Route GroupRoute(RouteGroup group, ImmutableArray<RouteCandidate> candidates)
    {
        var inOrder = group.Options.Providers is not { } names
            ? candidates
            : [.. names.Select(name => candidates.FirstOrDefault(candidate => string.Equals(candidate.Provider.Options.Name, name, StringComparison.Ordinal))).OfType<RouteCandidate>().Distinct()];
        return new Route(this, group.Options.Name, group.Options.Strategy ?? Options.Routing.Strategy, inOrder, group.Rotation);
    }

    private ModelRoutes.ModelMatch? Match(RouteGroup group, string model)
    {
        if (group.AnyModel)
        {
            return ModelRoutes.ModelMatch.Any;
        }

        if (group.Names(model))
        {
            return ModelRoutes.ModelMatch.Name;
        }

        return Providers.Any(provider => provider.Options.ModelAliases.TryGetValue(model, out var target) && group.Names(target))
            ? ModelRoutes.ModelMatch.Target
            : null;
    }
}
