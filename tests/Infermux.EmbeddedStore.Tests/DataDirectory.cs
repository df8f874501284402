namespace Infermux.EmbeddedStore.Tests;

/// <summary>A data_dir of one test, deleted after it.</summary>
internal sealed class DataDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("infermux-store-").FullName;

    /// <summary>Bytes of all files under it, as the disk holds them (files of the store are not sparse for long).</summary>
    public long Size => Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
