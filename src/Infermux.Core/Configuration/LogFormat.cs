namespace Infermux.Core.Configuration;

/// <summary>Values of <c>log.format</c>.</summary>
public enum LogFormat
{
    /// <summary>One readable line.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}
