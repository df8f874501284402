using Infermux.Core.Configuration;
using Infermux.Core.Pricing;

namespace Infermux.Gateway.Tests.Support;

/// <summary>A configuration that only the test changes.</summary>
internal sealed class FixedFile : ICurrentConfiguration
{
    private Action<ConfigurationSnapshot>? _changed;

    public InfermuxOptions Options
    {
        get;
        set
        {
            field = value;
            _changed?.Invoke(Current);
        }
    } = new() { Providers = [new ProviderOptions { Name = "p" }] };

    /// <summary>Its one provider.</summary>
    public ProviderOptions Provider
    {
        get => Options.Providers[0];
        set => Options = Options with { Providers = [value] };
    }

    public ConfigurationSnapshot Current => field is { } snapshot && ReferenceEquals(snapshot.Options, Options)
        ? snapshot
        : field = new(Options, PriceTable.Empty, "000000000000");

    public IDisposable OnChange(Action<ConfigurationSnapshot> changed)
    {
        _changed += changed;
        return new Subscription(this, changed);
    }

    private sealed class Subscription(FixedFile file, Action<ConfigurationSnapshot> changed) : IDisposable
    {
        public void Dispose() => file._changed -= changed;
    }
}
