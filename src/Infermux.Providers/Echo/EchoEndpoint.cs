using Infermux.Core.Configuration;
using Infermux.Providers.OpenAi;

namespace Infermux.Providers.Echo;

/// <summary>Addresses of the provider that needs no network; the transport hands them to <see cref="EchoHandler"/>.</summary>
internal sealed class EchoEndpoint : OpenAiEndpoint
{
    /// <inheritdoc/>
    public override bool CheckNeedsKey => false;

    /// <inheritdoc/>
    public override Uri ListingOf(ProviderOptions provider) => Build(provider, "/models");

    /// <summary>No credential leaves, not even into our own hands.</summary>
    public override void Authorize(HttpRequestMessage request, string credential)
    {
    }

    /// <inheritdoc/>
    protected override Uri Build(ProviderOptions provider, string path) => Append("http://echo.invalid/v1", path);
}
