using Infermux.Core.Clocks;
using Infermux.Core.Configuration.Keys;

namespace Infermux.Hosting;

/// <summary>The clock of this process: the machine's, or for tests of wrong clocks one that is off by <see cref="Variable"/>.</summary>
public static class ProcessClock
{
    /// <summary>A duration such as <c>10m</c> or <c>-1h</c>. For debugging only: a process with it mistakes the time on purpose.</summary>
    public const string Variable = "INFERMUX_DEBUG_CLOCK_OFFSET";

    /// <summary>The clock to register.</summary>
    /// <exception cref="FormatException">The variable is no duration.</exception>
    public static TimeProvider FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } text)
        {
            return TimeProvider.System;
        }

        var behind = text.StartsWith('-');
        return Duration.TryParse(text.TrimStart('-', '+'), out var offset)
            ? new ShiftedClock(TimeProvider.System, behind ? -offset : offset)
            : throw new FormatException($"{Variable}: '{text}' is no duration. Write one such as 10m or -1h, or unset it: it is for tests of wrong clocks.");
    }
}
