namespace Infermux.Core.Tests.Budgets.Simulation;

/// <summary>Where the sender of an operation stands.</summary>
internal enum SimPhase
{
    Asking,
    Running,
    Settling,
    Voiding,
    Resolved,
    Orphaned,
}
