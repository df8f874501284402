namespace Infermux.Hosting.Configuration;

/// <summary>The end of one load.</summary>
/// <param name="Loaded">The configuration, or null where there is an error.</param>
/// <param name="Failure">Why not, where <paramref name="Loaded"/> is null.</param>
/// <param name="Problems">Everything found, errors and warnings, by line.</param>
/// <param name="FilesRead">Text of every file looked at, null for one that was not there.</param>
public sealed record ConfigurationResult(
    LoadedConfiguration? Loaded, LoadFailure Failure, IReadOnlyList<LocatedProblem> Problems, IReadOnlyDictionary<string, string?> FilesRead);
