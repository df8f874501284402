namespace Infermux.Grains.Contracts.Budgets;

/// <summary>The answers to a <see cref="ReserveBatch"/>.</summary>
/// <param name="Answers">One for each command, in the order of the commands.</param>
[GenerateSerializer, Immutable, Alias("infermux.reserve-answers.v1")]
public sealed record ReserveAnswers([property: Id(0)] IReadOnlyList<ReserveAnswer> Answers);
