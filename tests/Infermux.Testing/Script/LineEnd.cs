namespace Infermux.Testing;

/// <summary>How the lines of a stream end.</summary>
public enum LineEnd
{
    /// <summary>Line feed, as every provider sends it.</summary>
    Lf,

    /// <summary>Carriage return and line feed.</summary>
    CrLf,

    /// <summary>Carriage return alone, which SSE allows.</summary>
    Cr,
}
