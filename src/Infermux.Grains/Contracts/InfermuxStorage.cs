namespace Infermux.Grains.Contracts;

/// <summary>Names that hosts and grains agree on.</summary>
public static class InfermuxStorage
{
    /// <summary>The grain storage provider that holds every truth: the store of <c>cluster.store</c>.</summary>
    public const string Name = "infermux";
}
