namespace Infermux.Providers.Gemini;

/// <summary>What a part is, as far as its place in a content depends on it.</summary>
internal enum PartKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>An image, recording or file.</summary>
    Media,

    /// <summary>A call the model made.</summary>
    Call,

    /// <summary>What a call gave.</summary>
    Result,
}
