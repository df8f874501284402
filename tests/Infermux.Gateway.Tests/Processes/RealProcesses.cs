namespace Infermux.Gateway.Tests.Processes;

/// <summary>Tests that start the built executable run one after another and apart from all others: they measure time and load both cores.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealProcesses
{
    public const string Name = "processes";
}
