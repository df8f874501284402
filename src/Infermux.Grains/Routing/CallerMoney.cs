using Infermux.Core.Configuration;

namespace Infermux.Grains.Routing;

/// <summary>What a selection must know of its caller's money.</summary>
/// <param name="Account">The account it is charged to.</param>
/// <param name="Reserves">Whether a budget of it acts, so that money is held first.</param>
/// <param name="WhenUnavailable">What happens while the account does not answer.</param>
internal readonly record struct CallerMoney(string Account, bool Reserves, OnUnavailable WhenUnavailable);
