namespace Infermux.Providers.Messages;

/// <summary>What a block of a streamed message is.</summary>
internal enum StreamBlock
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>Thinking that is shown.</summary>
    Thinking,

    /// <summary>Opaque thinking, whole from its start.</summary>
    Redacted,

    /// <summary>A call of a tool.</summary>
    Call,
}
