namespace Infermux.Core.Configuration;

/// <summary>Keys under <c>routing.groups[].match</c>. Text is exact or a glob with <c>*</c>; null does not ask.</summary>
public sealed record RouteMatchOptions
{
    /// <summary>The caller's name.</summary>
    public string? Caller { get; init; }

    /// <summary>Value of <c>X-Infermux-Project</c>.</summary>
    public string? Project { get; init; }

    /// <summary>Value of <c>X-Infermux-Env</c>.</summary>
    public string? Env { get; init; }

    /// <summary>Whether the request asks for a stream.</summary>
    public bool? Stream { get; init; }

    /// <summary>Whether the request carries tools.</summary>
    public bool? Tools { get; init; }
}
