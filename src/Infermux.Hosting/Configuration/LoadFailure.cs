namespace Infermux.Hosting.Configuration;

/// <summary>Why there is no configuration; <c>infermux validate</c> has an exit code for each.</summary>
public enum LoadFailure
{
    /// <summary>There is one.</summary>
    None,

    /// <summary>The file that was named does not exist or cannot be read.</summary>
    NotFound,

    /// <summary>The file is not YAML.</summary>
    Malformed,

    /// <summary>The file is YAML and says something impossible.</summary>
    Invalid,
}
