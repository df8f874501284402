namespace Infermux.Gateway.Hosting;

/// <summary>What this process does of the work. Not in the file, which all processes of a cluster share.</summary>
internal enum ProcessRole
{
    /// <summary>Everything: the HTTP edge, and a silo beside it. The default.</summary>
    All,

    /// <summary>The HTTP edge alone, as a client of the cluster's silos.</summary>
    Gateway,
}
