namespace Infermux.Core.Configuration;

/// <summary>Values of <c>log.level</c>.</summary>
public enum LogThreshold
{
    /// <summary>Everything.</summary>
    Debug,

    /// <summary>Transitions and requests.</summary>
    Info,

    /// <summary>What an operator should look at.</summary>
    Warn,

    /// <summary>What an operator must act on.</summary>
    Error,
}
