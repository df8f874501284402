using Infermux.Core.Configuration;

namespace Infermux.Hosting.Configuration.Reloading;

/// <summary>Keys that a running process has already acted on, so that a reload cannot change them.</summary>
internal static class RestartOnly
{
    /// <summary>Those of them that differ.</summary>
    public static IEnumerable<string> Changed(InfermuxOptions before, InfermuxOptions after)
    {
        if (!string.Equals(before.Listen, after.Listen, StringComparison.Ordinal)) { yield return "listen"; }
        if (!string.Equals(before.ManagementListen, after.ManagementListen, StringComparison.Ordinal)) { yield return "management_listen"; }
        if (before.Tls != after.Tls) { yield return "tls"; }
        if (before.Cluster != after.Cluster) { yield return "cluster"; }
        if (before.Log != after.Log) { yield return "log"; }
        if (before.Limits.MaxHeaderBytes != after.Limits.MaxHeaderBytes) { yield return "limits.max_header_bytes"; }
        if (before.Shutdown != after.Shutdown) { yield return "shutdown"; }
    }
}
