namespace Infermux.Cluster.Tests;

/// <summary>Each test has the machine for itself.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneAtATime
{
    public const string Name = "one at a time";
}
