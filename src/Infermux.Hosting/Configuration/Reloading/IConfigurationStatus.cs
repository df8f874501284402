namespace Infermux.Hosting.Configuration.Reloading;

/// <summary>Where the configuration in force came from, for the management API.</summary>
public interface IConfigurationStatus
{
    /// <summary>The last good load: file, hash, masked entries with their origin, warnings.</summary>
    LoadedConfiguration Loaded { get; }

    /// <summary>Why the newest text of the file is not in force; null when it is.</summary>
    ReloadProblem? LastReloadProblem { get; }
}
