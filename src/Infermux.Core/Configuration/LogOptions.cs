namespace Infermux.Core.Configuration;

/// <summary>Keys under <c>log</c>.</summary>
public sealed record LogOptions
{
    /// <summary>Threshold: <c>debug</c>, <c>info</c>, <c>warn</c> or <c>error</c>. Default <c>info</c>.</summary>
    public LogThreshold Level { get; init; } = LogThreshold.Info;

    /// <summary><c>text</c> or <c>json</c>. Default <c>text</c>.</summary>
    public LogFormat Format { get; init; } = LogFormat.Text;

    /// <summary>Whether lines carry time stamps. Default true.</summary>
    public bool Timestamps { get; init; } = true;
}
