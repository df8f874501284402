using System.Collections.Frozen;
using Infermux.Core.Configuration;
using Infermux.Core.Routing;
using Infermux.Grains.Contracts.Providers;

namespace Infermux.Grains.Routing;

/// <summary>What is known of every configured provider at one moment. Immutable.</summary>
public sealed class ProviderViewSnapshot
{
    private readonly IReadOnlyList<ProviderOptions> _providers;
    private readonly FrozenDictionary<string, int> _ordinals;
    private readonly ProviderView?[] _views;
    private readonly CandidateState[] _states;

    internal ProviderViewSnapshot(IReadOnlyList<ProviderOptions> providers)
        : this(
            providers,
            providers.Select(static (provider, ordinal) => (provider.Name, ordinal)).DistinctBy(static pair => pair.Name, StringComparer.Ordinal)
                .ToFrozenDictionary(static pair => pair.Name, static pair => pair.ordinal, StringComparer.Ordinal),
            new ProviderView?[providers.Count],
            [.. Enumerable.Repeat(CandidateState.Unknown, providers.Count)])
    {
    }

    private ProviderViewSnapshot(
        IReadOnlyList<ProviderOptions> providers, FrozenDictionary<string, int> ordinals, ProviderView?[] views, CandidateState[] states) =>
        (_providers, _ordinals, _views, _states) = (providers, ordinals, views, states);

    /// <summary>The provider's last view; null where none has come, which counts as closed and healthy.</summary>
    public ProviderView? Find(string provider) => _ordinals.TryGetValue(provider, out var ordinal) ? _views[ordinal] : null;

    /// <summary>States in the order of a configuration's providers, unknown ones for providers this snapshot does not have.</summary>
    public ReadOnlySpan<CandidateState> States(IReadOnlyList<ProviderOptions> providers) =>
        ReferenceEquals(providers, _providers) ? _states : Select(providers, _states, CandidateState.Unknown);

    /// <summary>The same views for another configuration.</summary>
    internal ProviderViewSnapshot For(IReadOnlyList<ProviderOptions> providers) =>
        new(providers, new ProviderViewSnapshot(providers)._ordinals, Select(providers, _views, null), Select(providers, _states, CandidateState.Unknown));

    /// <summary>With a view in its provider's place; the same snapshot where the view is of no configured provider or not newer.</summary>
    internal ProviderViewSnapshot With(ProviderView view)
    {
        if (!_ordinals.TryGetValue(view.Provider, out var ordinal) || !view.IsNewerThan(_views[ordinal]))
        {
            return this;
        }

        var (views, states) = ((ProviderView?[])_views.Clone(), (CandidateState[])_states.Clone());
        (views[ordinal], states[ordinal]) = (view, CandidateStates.Of(view, _states[ordinal]));
        return new(_providers, _ordinals, views, states);
    }

    private T[] Select<T>(IReadOnlyList<ProviderOptions> providers, T[] from, T missing) =>
        [.. providers.Select(provider => _ordinals.TryGetValue(provider.Name, out var ordinal) ? from[ordinal] : missing)];
}
