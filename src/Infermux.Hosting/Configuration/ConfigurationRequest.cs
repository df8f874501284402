namespace Infermux.Hosting.Configuration;

/// <summary>What to load: the file and what stands over it. Environment variables are read by the loader, below the flags given here.</summary>
public sealed record ConfigurationRequest
{
    /// <summary>The conventional name, looked for in the working directory.</summary>
    public const string DefaultPath = "infermux.yml";

    /// <summary>Value of <c>--config</c>; null: <c>INFERMUX_CONFIG</c>, else <see cref="DefaultPath"/> where it exists, else no file.</summary>
    public string? Path { get; init; }

    /// <summary>Refuses unknown keys instead of warning of them. Default false.</summary>
    public bool Strict { get; init; }

    /// <summary>Whether a missing <see cref="DefaultPath"/> is an error even when nobody named it, as <c>validate</c> wants it. Default false.</summary>
    public bool FileRequired { get; init; }

    /// <summary>Whether a file that the configuration names must be here, as <c>serve</c> wants it; else a missing one is a warning. Default false.</summary>
    public bool FilesNeeded { get; init; }

    /// <summary>Flags.</summary>
    public IReadOnlyList<ConfigurationOverride> Flags { get; init; } = [];
}
