using System.Collections.ObjectModel;
using Infermux.Core.Configuration;
using Infermux.Core.Pricing;

namespace Infermux.Hosting.Configuration;

/// <summary>A configuration that loaded, with what is needed to show it and to load it again.</summary>
public sealed class LoadedConfiguration
{
    internal LoadedConfiguration(ConfigurationLoader loader, IReadOnlyDictionary<string, string?> filesRead) => (Loader, FilesRead) = (loader, filesRead);

    /// <summary>What the process runs on.</summary>
    public required ConfigurationSnapshot Snapshot { get; init; }

    /// <summary>The file, as it was named; null: providers come from the environment.</summary>
    public required string? File { get; init; }

    /// <summary>What was asked for; a reload asks for the same.</summary>
    public required ConfigurationRequest Request { get; init; }

    /// <summary>Warnings of this load.</summary>
    public required IReadOnlyList<LocatedProblem> Warnings { get; init; }

    /// <summary>Every value set, masked, in the file's order.</summary>
    public required IReadOnlyList<ConfigurationEntry> Entries { get; init; }

    /// <summary>Paths whose values are secret: substituted ones and keys that are secret by nature.</summary>
    public required IReadOnlySet<string> SecretPaths { get; init; }

    /// <summary>The loader that made it.</summary>
    internal ConfigurationLoader Loader { get; }

    /// <summary>What the file and the files it names held; a changed text means a reload. Empty: nothing to reload.</summary>
    internal IReadOnlyDictionary<string, string?> FilesRead { get; }

    /// <summary>A configuration made in code, for embedding and tests: no file, nothing to reload, not checked.</summary>
    public static LoadedConfiguration Of(InfermuxOptions options) => new(ConfigurationLoader.OfThisProcess, ReadOnlyDictionary<string, string?>.Empty)
    {
        Snapshot = new(options, PriceTable.Build(options), "code"),
        File = null,
        Request = new(),
        Warnings = [],
        Entries = [],
        SecretPaths = new HashSet<string>(StringComparer.Ordinal),
    };
}
