namespace Infermux.Providers.EventStream;

/// <summary>Why a body is not, or no longer, a stream of frames.</summary>
internal enum FrameFault
{
    /// <summary>It is one so far.</summary>
    None,

    /// <summary>The checksum of a frame's first eight bytes is wrong: no frame begins here.</summary>
    Prelude,

    /// <summary>A length that no frame can have.</summary>
    Length,

    /// <summary>A frame longer than the cap.</summary>
    TooLarge,

    /// <summary>A frame whose own checksum is wrong: a byte of it was changed on the way.</summary>
    Checksum,

    /// <summary>A frame whose headers cannot be read.</summary>
    Headers,
}
