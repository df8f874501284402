namespace Infermux.Gateway.Tests.Processes;

/// <summary>Tests that start the built executable, or measure time, run one after another and apart from all others: they load both cores.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealProcesses
{
    public const string Name = "processes";
}
