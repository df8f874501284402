using System.Text.Json.Nodes;

namespace Infermux.Cluster.Audit;

/// <summary>One caller's account, as the management API tells it.</summary>
internal sealed record AccountBook(string Caller, decimal Settled, decimal Reserved, int OpenHolds, decimal Excess, decimal Estimated, decimal Unsettled, decimal? Limit)
{
    /// <summary>What is not promised to equal a provider's bill.</summary>
    public decimal Marked => Estimated + Unsettled;

    public static AccountBook Of(JsonNode account) => new(
        account["account"]!.GetValue<string>(),
        account["settled"]!.GetValue<decimal>(),
        account["reserved"]!.GetValue<decimal>(),
        account["open_holds"]!.GetValue<int>(),
        account["excess"]!.GetValue<decimal>(),
        account["estimated"]!.GetValue<decimal>(),
        account["unsettled"]!.GetValue<decimal>(),
        account["limit_usd"]?.GetValue<decimal>());
}
