namespace Infermux.Core.Failures;

/// <summary>What follows from one failed attempt.</summary>
/// <param name="MovesOn">Whether another provider may be asked, before commit.</param>
/// <param name="LargerWindowOnly">With <paramref name="MovesOn"/>: only a provider whose window is known to be larger.</param>
/// <param name="MarksCircuit">Whether it counts as a fault of the provider.</param>
/// <param name="Rests">Why the (provider, target model) rests; null where it does not.</param>
public readonly record struct FailureConsequence(bool MovesOn, bool LargerWindowOnly, bool MarksCircuit, RestReason? Rests);
