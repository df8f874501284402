using Infermux.Core.Configuration;
using Infermux.Core.Configuration.Keys;
using Infermux.Core.Routing;
using Infermux.Grains.Contracts.Providers;
using Infermux.Grains.Routing;

namespace Infermux.Gateway.Management;

/// <summary><c>/_infermux/providers</c> and the manual control of circuits.</summary>
internal static class ProviderEndpoints
{
    public static void MapProviders(this IEndpointRouteBuilder management)
    {
        management.MapGet("/providers", (ICurrentConfiguration configuration, ProviderViews views) =>
            ManagementJson.Of(configuration.Current.Options.Providers.Select(p => Row(p, views.Find(p.Name))).ToList()));
        management.MapPost("/providers/{name}/circuit/open", (string name, bool? hold, IGrainFactory grains, ICurrentConfiguration configuration) =>
            ControlAsync(name, hold == true ? CircuitControl.Hold : CircuitControl.Open, grains, configuration));
        management.MapPost("/providers/{name}/circuit/close", (string name, IGrainFactory grains, ICurrentConfiguration configuration) =>
            ControlAsync(name, CircuitControl.Close, grains, configuration));
        management.MapPost("/providers/{name}/circuit/reset", (string name, IGrainFactory grains, ICurrentConfiguration configuration) =>
            ControlAsync(name, CircuitControl.Reset, grains, configuration));
    }

    private static async Task<IResult> ControlAsync(string name, CircuitControl control, IGrainFactory grains, ICurrentConfiguration configuration)
    {
        var provider = configuration.Current.Options.Providers.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.Ordinal));
        if (provider is null)
        {
            var names = string.Join(", ", configuration.Current.Options.Providers.Select(p => p.Name));
            return ManagementJson.Problem(404, "not_found", $"No provider is named '{Inference.Inbound.Printable.Of(name)}'. Use one of: {names}.");
        }

        return ManagementJson.Of(Row(provider, await grains.GetGrain<IProviderGrain>(name).ControlAsync(control)));
    }

    private static ProviderRow Row(ProviderOptions provider, ProviderView? view) => new()
    {
        Name = provider.Name,
        Type = ConfigWords.Of(provider.Type),
        Healthy = view?.Healthy ?? true,
        Circuit = Spell(view?.Circuit ?? CircuitState.Closed),
        ErrorRate = view?.ErrorRate ?? 0,
        P95LatencyMs = view?.P95Ms ?? 0,
        RequestsLastMinute = view?.RequestsLastMinute ?? 0,
        Models = provider.Models is null && provider.Type != ProviderType.Echo ? view?.ListedModels ?? [] : [.. ModelService.Names(provider)],
        ModelAliases = provider.ModelAliases,
        RateLimitHeadroomRpm = view?.HeadroomRequests,
        RateLimitHeadroomTpm = view?.HeadroomTokens,
        CircuitOpenedAt = view?.OpenedAt,
        CircuitRecoveryAt = view?.RecoveryAt,
        CircuitReason = view is { Reason.Length: > 0 } ? view.Reason : null,
        CircuitHeld = view?.Held ?? false,
        LatencyMs = view?.LatencyMs,
        InFlight = view?.InFlight ?? 0,
        LastCheck = view?.LastCheck,
        Rests = [.. (view?.Rests ?? []).Select(r => new RestRow(r.TargetModel, r.Until, r.Reason))],
    };

    /// <summary>As the original spells it: with a hyphen.</summary>
    private static string Spell(CircuitState state) => state switch
    {
        CircuitState.Closed => "closed",
        CircuitState.HalfOpen => "half-open",
        CircuitState.Open => "open",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "A circuit state without a spelling."),
    };
}
