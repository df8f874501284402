namespace Infermux.Cluster.Network;

/// <summary>A fault from its beginning to its replacement.</summary>
internal sealed class FaultInForce(ProxyFault fault)
{
    public ProxyFault Fault { get; } = fault;

    /// <summary>Completes when another one is in force.</summary>
    public TaskCompletionSource Changed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
