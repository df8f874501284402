using System.Globalization;

namespace Infermux.Providers.Tests.Fuzzing;

/// <summary>How far an explicit run goes. Runs with other seeds add up, so a long one can be cut into several.</summary>
internal static class LongRun
{
    /// <summary>Ten million, or what <c>INFERMUX_FUZZ_CASES</c> says.</summary>
    public static int Cases { get; } = Setting("INFERMUX_FUZZ_CASES", 10_000_000);

    /// <summary>2, or what <c>INFERMUX_FUZZ_SEED</c> says; the suite's own runs have 1.</summary>
    public static int Seed { get; } = Setting("INFERMUX_FUZZ_SEED", 2);

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var asked) ? asked : otherwise;
}
