namespace Infermux.Core.Configuration;

/// <summary>Which of the configurations that processes run on is the newer one. Reads take no lock and ask nobody.</summary>
public interface INumberedConfiguration
{
    /// <summary>
    /// The configuration that accounts go by. After a reload it is the one before until the new one has its number; the same object as long as nothing changes.
    /// </summary>
    NumberedConfiguration Current { get; }
}
