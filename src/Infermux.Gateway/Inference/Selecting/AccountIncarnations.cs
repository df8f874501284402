using System.Collections.Concurrent;
using Infermux.Core.Configuration;
using Infermux.Gateway.Money;

namespace Infermux.Gateway.Inference.Selecting;

/// <summary>Which activation of each account this process last heard of. Bounded by the accounts that <see cref="AccountNames"/> gives out.</summary>
internal sealed class AccountIncarnations(AccountNames accounts)
{
    private readonly ConcurrentDictionary<string, long> _known = new(StringComparer.Ordinal);

    /// <summary>0 for an account that was never heard of.</summary>
    public long Of(string caller, ConfigurationSnapshot configuration) =>
        _known.IsEmpty ? 0 : _known.GetValueOrDefault(accounts.Of(caller, configuration));

    public void Heard(string caller, ConfigurationSnapshot configuration, long incarnation) =>
        _known[accounts.Of(caller, configuration)] = incarnation;
}
