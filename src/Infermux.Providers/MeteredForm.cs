namespace Infermux.Providers;

/// <summary>What a whole answer of a metered operation is.</summary>
public enum MeteredForm
{
    /// <summary>One JSON object.</summary>
    Json,

    /// <summary>Plain text, or subtitles.</summary>
    Text,

    /// <summary>Bytes of sound, of a length nobody knows before: copied through as they come.</summary>
    Binary,
}
