namespace Infermux.Hosting.Configuration;

/// <summary>The first thing every host does.</summary>
public static class ProcessConfiguration
{
    /// <summary>Loads the configuration of this process and says every problem of it, warnings included; null where it does not load.</summary>
    public static async Task<LoadedConfiguration?> LoadAsync(ConfigurationRequest request, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var result = ConfigurationLoader.OfThisProcess.Load(request);
        foreach (var problem in result.Problems)
        {
            await error.WriteLineAsync(problem.ToString());
        }

        return result.Loaded;
    }
}
