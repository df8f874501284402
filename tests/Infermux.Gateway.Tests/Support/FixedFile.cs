using Infermux.Core.Configuration;
using Infermux.Core.Pricing;

namespace Infermux.Gateway.Tests.Support;

/// <summary>A configuration that only the test changes.</summary>
internal sealed class FixedFile : ICurrentConfiguration
{
    public InfermuxOptions Options { get; set; } = new() { Providers = [new ProviderOptions { Name = "p" }] };

    /// <summary>Its one provider.</summary>
    public ProviderOptions Provider
    {
        get => Options.Providers[0];
        set => Options = Options with { Providers = [value] };
    }

    public ConfigurationSnapshot Current => field is { } snapshot && ReferenceEquals(snapshot.Options, Options)
        ? snapshot
        : field = new(Options, PriceTable.Empty, "000000000000");

    public IDisposable OnChange(Action<ConfigurationSnapshot> changed) => throw new NotSupportedException();
}
