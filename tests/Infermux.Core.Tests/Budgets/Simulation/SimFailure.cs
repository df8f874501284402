namespace Infermux.Core.Tests.Budgets.Simulation;

/// <summary>A broken invariant, with the seed that replays it.</summary>
internal sealed class SimFailure(int seed, int step, string invariant, string trace)
    : Exception($"{invariant}\nseed {seed}, step {step}; replay with INFERMUX_SIM_SEED={seed}\n{trace}");
