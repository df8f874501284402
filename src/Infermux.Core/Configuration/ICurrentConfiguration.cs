namespace Infermux.Core.Configuration;

/// <summary>The configuration in force in this process. Reads take no lock.</summary>
public interface ICurrentConfiguration
{
    /// <summary>The last good snapshot.</summary>
    ConfigurationSnapshot Current { get; }

    /// <summary>Calls <paramref name="changed"/> after each good reload, in order, on a thread of the loader; dispose to stop.</summary>
    IDisposable OnChange(Action<ConfigurationSnapshot> changed);
}
