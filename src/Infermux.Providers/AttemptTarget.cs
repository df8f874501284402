using Infermux.Core.Configuration;
using Infermux.Core.Pricing;

namespace Infermux.Providers;

/// <summary>Where one attempt goes.</summary>
public sealed record AttemptTarget
{
    /// <summary>The provider.</summary>
    public required ProviderOptions Provider { get; init; }

    /// <summary>The model name sent upstream.</summary>
    public required string Model { get; init; }

    /// <summary>The bearer token to send: the provider's own key, else the caller's token; null sends none.</summary>
    public string? Credential { get; init; }

    /// <summary>Output cap that must be sent because money is held for it; null leaves the caller's value as it is. Only where an operation has one.</summary>
    public long? OutputCap { get; init; }

    /// <summary>The model's largest completion, for dialects in which a cap is mandatory; null where not known.</summary>
    public long? ModelMaxOutput { get; init; }

    /// <summary>Our id of the request, sent upstream as <c>X-Request-Id</c>.</summary>
    public string? RequestId { get; init; }
}
