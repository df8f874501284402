using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Tests.Money;

/// <summary>Settlements for tests.</summary>
internal static class Billed
{
    public static Settlement One(string account = "team-a", decimal cost = 0.0123m, string model = "gpt-4o") => new()
    {
        Operation = Guid.NewGuid(),
        Account = account,
        Caller = account,
        Project = "search",
        BeganAt = new DateTimeOffset(2026, 11, 22, 10, 59, 59, 999, TimeSpan.Zero),
        Lines =
        [
            new SettledLine
            {
                Attempt = 1, Provider = "openai", TargetModel = model, PromptTokens = 12, CompletionTokens = 34, Cost = cost, Succeeded = true,
            },
        ],
    };
}
