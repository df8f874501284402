namespace Infermux.Providers.Responses.Upstream;

/// <summary>How far a model takes function tools on chat completions; beyond that they go by Responses.</summary>
internal enum ChatTools
{
    /// <summary>Like any others.</summary>
    Taken,

    /// <summary>Unless <c>reasoning_effort</c> is given too.</summary>
    WithoutEffort,

    /// <summary>Only with <c>reasoning_effort: none</c>.</summary>
    WithEffortNone,

    /// <summary>Not at all; sampling fields and <c>reasoning_effort: max</c> neither.</summary>
    Refused,
}
