namespace Infermux.Testing;

/// <summary>A folder that goes away with the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Where it is.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("infermux-test-").FullName;

    /// <summary>Deletes it with all that is in it.</summary>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
