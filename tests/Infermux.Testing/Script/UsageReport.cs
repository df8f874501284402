namespace Infermux.Testing;

/// <summary>What the answer says about its usage. What is billed stays what was counted.</summary>
public enum UsageReport
{
    /// <summary>The counts, where and when the dialect sends them.</summary>
    True,

    /// <summary>No usage, asked for or not.</summary>
    Absent,

    /// <summary>Zero everywhere.</summary>
    Zero,

    /// <summary>Ten times too much.</summary>
    Tenfold,

    /// <summary>In every chunk of a stream, cumulative, asked for or not.</summary>
    InEveryChunk,
}
