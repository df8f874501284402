namespace Infermux.Core.Tests.Budgets.Simulation;

/// <summary>Something on the wire; the scheduler delivers, copies, delays or drops it.</summary>
internal sealed record SimMessage(string Name, Action Deliver);
