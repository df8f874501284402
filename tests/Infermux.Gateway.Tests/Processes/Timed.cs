namespace Infermux.Gateway.Tests.Processes;

/// <summary>Tests that measure time, by the processes that they start or in this one, run one after another and apart from all others: these load both cores.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Timed
{
    public const string Name = "timed";
}
