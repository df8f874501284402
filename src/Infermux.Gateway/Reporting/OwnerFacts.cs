namespace Infermux.Gateway.Reporting;

/// <summary>What this process knows of a provider's owner.</summary>
/// <param name="Incarnation">The owner's; 0 where none is known.</param>
/// <param name="Generation">The highest generation of the circuit that was seen here.</param>
/// <param name="Processes">Processes that report to it or watch it.</param>
internal readonly record struct OwnerFacts(long Incarnation, long Generation, int Processes);
