using Infermux.Grains.Contracts.Ledger;

namespace Infermux.Grains.Tests.Ledger;

/// <summary>Rows for tests.</summary>
internal static class LedgerRows
{
    public static readonly DateTimeOffset Hour = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    public static LedgerRow Row(decimal cost, string caller = "team-a", string model = "gpt-4o", int hour = 10) => new()
    {
        Hour = Hour.AddHours(hour - 10),
        Caller = caller,
        Provider = "openai",
        Model = model,
        Requests = 1,
        PromptTokens = 10,
        CompletionTokens = 20,
        Cost = cost,
    };
}
