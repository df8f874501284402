using Infermux.Core.Budgets;
using Infermux.Core.Configuration;

namespace Infermux.Grains.Budgets;

/// <summary>Numbers the configurations of one process, for a store that ends with it: each one whose budgets differ from the one before is newer.</summary>
internal sealed class CountedConfiguration : INumberedConfiguration
{
    private readonly ICurrentConfiguration _configuration;
    private readonly Lock _counting = new();
    private volatile NumberedConfiguration _current;
    private string _fingerprint;

    public CountedConfiguration(ICurrentConfiguration configuration)
    {
        _configuration = configuration;
        _current = new(configuration.Current, 1);
        _fingerprint = BudgetsFingerprint.Of(_current.Snapshot.Options.Budgets);
    }

    public NumberedConfiguration Current => _current is var known && ReferenceEquals(known.Snapshot, _configuration.Current) ? known : Count();

    private NumberedConfiguration Count()
    {
        lock (_counting) // once for each reload
        {
            var snapshot = _configuration.Current;
            if (!ReferenceEquals(_current.Snapshot, snapshot))
            {
                var before = _fingerprint;
                _fingerprint = BudgetsFingerprint.Of(snapshot.Options.Budgets);
                _current = new(snapshot, string.Equals(before, _fingerprint, StringComparison.Ordinal) ? _current.Number : _current.Number + 1);
            }

            return _current;
        }
    }
}
