using System.Security.Cryptography;
using System.Text.Json;
using Infermux.Core.Configuration;

namespace Infermux.Core.Budgets;

/// <summary>
/// Tells two texts of <c>budgets</c> apart by the limits they give. Not the hash of the file: processes of one cluster have their own ports and addresses, by
/// flags and environment, and would each be a text of its own.
/// </summary>
public static class BudgetsFingerprint
{
    /// <summary>First 16 hex digits of a SHA-256 over every caller's limit; the order of the entries does not matter.</summary>
    public static string Of(BudgetsOptions budgets)
    {
        ArgumentNullException.ThrowIfNull(budgets);
        var limits = budgets.Callers
            .Select(entry => entry.Caller)
            .Order(StringComparer.Ordinal)
            .Select(caller => KeyValuePair.Create(caller, BudgetLimits.Resolve(budgets, caller)));
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(limits.ToList())))[..16];
    }
}
