using System.Globalization;
using Garnet;
using Garnet.common;

namespace Infermux.EmbeddedStore;

/// <summary>
/// Whether what Garnet read back is all there was. It takes an unreadable checkpoint for no checkpoint, and then serves the end of the append-only file
/// alone (microsoft/garnet issue 2150): a budget would restart from nothing.
/// </summary>
internal static class RecoveryCheck
{
    /// <summary>Where an append-only file begins that was never cut: after Tsavorite's header.</summary>
    private const long FirstAddress = 64;

    /// <summary>Version of a store into which no checkpoint was read.</summary>
    private const long FirstVersion = 1;

    /// <summary>Only a finished checkpoint cuts the append-only file; cut, but with no checkpoint read back, its data are missing.</summary>
    /// <exception cref="InvalidDataException">Data are missing.</exception>
    public static void ThrowIfIncomplete(GarnetServer server)
    {
        var version = Number(server, InfoMetricsType.STORE, "CurrentVersion");
        var begin = Number(server, InfoMetricsType.PERSISTENCE, "BeginAddress");
        if (version <= FirstVersion && begin > FirstAddress)
        {
            throw new InvalidDataException($"its checkpoint cannot be read, and the append-only file alone (from {begin}) is not all of it.");
        }
    }

    private static long Number(GarnetServer server, InfoMetricsType section, string name)
    {
        var found = server.Metrics.GetInfoMetrics(section).FirstOrDefault(metric => string.Equals(metric.Name, name, StringComparison.Ordinal));
        return long.TryParse(found.Value, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataException($"Garnet does not tell its {name}, without which its recovery cannot be checked.");
    }
}
