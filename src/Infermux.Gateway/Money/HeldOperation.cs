using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Money;

/// <summary>A running operation whose hold is kept alive until this is disposed.</summary>
internal sealed class HeldOperation(HoldRefresher owner, string account, Guid operation, Func<decimal> actual) : IDisposable
{
    private decimal _known;

    public string Account { get; } = account;

    /// <summary>What to tell the account. When the cost cannot be told, the last one known is, and <paramref name="broken"/> says why.</summary>
    public HoldRefresh Refresh(out Exception? broken)
    {
        broken = null;
        try
        {
            _known = actual();
        }
        catch (Exception thrown)
        {
            broken = thrown; // one stream's fault must not let the holds of all others expire
        }

        return new HoldRefresh(operation, _known);
    }

    public void Dispose() => owner.Remove(this);
}
