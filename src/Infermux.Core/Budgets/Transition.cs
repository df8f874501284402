namespace Infermux.Core.Budgets;

/// <summary>What a command does to an account.</summary>
/// <typeparam name="TAnswer">What the sender learns.</typeparam>
/// <param name="Next">The account afterwards; the same object where nothing changed.</param>
/// <param name="Answer">The answer; to be given once <paramref name="Next"/> is durable.</param>
/// <param name="Alerts">To be published once <paramref name="Next"/> is durable.</param>
public readonly record struct Transition<TAnswer>(Account Next, TAnswer Answer, IReadOnlyList<BudgetAlert> Alerts);
