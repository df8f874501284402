using Infermux.Core.Clocks;

namespace Infermux.Gateway.Money;

/// <summary>What one account's answers told.</summary>
/// <param name="Incarnation">The activation that answered.</param>
/// <param name="Clock">Its silo's clock; null where no answer came fast enough to tell.</param>
internal sealed record AccountSeen(long Incarnation, RemoteClock? Clock);
