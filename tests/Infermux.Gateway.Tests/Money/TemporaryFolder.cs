namespace Infermux.Gateway.Tests.Money;

/// <summary>A folder that goes away with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("infermux-test-").FullName;

    /// <summary>What a kill -9 would leave at this moment: the files as the kernel has them, without the owner's lock.</summary>
    public TemporaryFolder Snapshot()
    {
        var copy = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(Path, "*.settles"))
        {
            File.Copy(file, System.IO.Path.Combine(copy.Path, System.IO.Path.GetFileName(file)));
        }

        return copy;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
