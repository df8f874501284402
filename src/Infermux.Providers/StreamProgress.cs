namespace Infermux.Providers;

/// <summary>What the bytes just pushed contained.</summary>
[Flags]
public enum StreamProgress
{
    /// <summary>Nothing that counts: part of an event, a comment, a ping.</summary>
    None = 0,

    /// <summary>A comment or ping: the provider is alive, but that is not progress.</summary>
    Alive = 1,

    /// <summary>Content, tool call, reasoning, refusal or usage.</summary>
    Progress = 2,

    /// <summary>Text, tool call, reasoning or refusal: what commits the answer.</summary>
    Content = 4,

    /// <summary>The terminal mark.</summary>
    Ended = 8,

    /// <summary><see cref="StreamTranslator.Failure"/> is set; nothing more will be read.</summary>
    Failed = 16,
}
