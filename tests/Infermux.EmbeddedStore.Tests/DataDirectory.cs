namespace Infermux.EmbeddedStore.Tests;

/// <summary>A data_dir of one test, deleted after it.</summary>
internal sealed class DataDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("infermux-store-").FullName;

    /// <summary>Bytes of all files under it, as the disk holds them (files of the store are not sparse for long).</summary>
    public long Size => Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

    /// <summary>Takes the last bytes of the last record off the log, as if they had never been written.</summary>
    public void TearLog(int bytes)
    {
        var log = Directory.EnumerateFiles(System.IO.Path.Combine(Path, "store"), "*", SearchOption.AllDirectories)
            .Where(file => System.IO.Path.GetFileName(file).StartsWith("aof", StringComparison.OrdinalIgnoreCase) && !file.EndsWith("commit", StringComparison.Ordinal))
            .OrderBy(File.GetLastWriteTimeUtc).Last();
        using var file = new FileStream(log, FileMode.Open, FileAccess.ReadWrite);
        var content = new byte[file.Length];
        file.ReadExactly(content);
        var end = content.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        file.Position = end - bytes;
        file.Write(new byte[bytes]); // the file is longer than what is in it
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
