namespace Infermux.Core.Tests.Budgets.Simulation;

/// <summary>What a run must have met to prove anything.</summary>
internal enum SimEvent
{
    Granted,
    Denied,
    Overridden,
    Late,
    NotNeeded,
    ExtendedOldPeriod,
    Expired,
    Corrected,
    LostWrite,
    Moved,
}
