using System.Globalization;

namespace Infermux.EmbeddedStore;

/// <summary>
/// The right of one process to a <c>cluster.data_dir</c>. The operating system holds the lock (flock, share modes on Windows), so it ends with the
/// process, kill -9 included, and a file left behind means nothing.
/// </summary>
public sealed class DataDirLock : IDisposable
{
    private const string LockName = "infermux.lock";
    private const string OwnerName = "infermux.pid";
    private readonly FileStream _file;

    private DataDirLock(string dataDir, FileStream file) => (DataDir, _file) = (dataDir, file);

    /// <summary>The full path of the locked directory.</summary>
    public string DataDir { get; }

    /// <summary>Locks a directory for this process, making it (readable by its owner alone) if it is missing.</summary>
    /// <exception cref="DataDirInUseException">Another process has it, or its file system knows no locks.</exception>
    public static DataDirLock Acquire(string dataDir)
    {
        var path = Path.GetFullPath(dataDir);
        PrivateFiles.CreateDirectory(path);
        var file = OpenExclusive(path) ?? throw InUse(path, dataDir);
        if (OpenExclusive(path) is { } second)
        {
            second.Dispose();
            file.Dispose();
            throw new DataDirInUseException(
                $"data_dir '{dataDir}' ({path}) is on a file system without file locks, so two processes could write to it at once. " +
                "Set cluster.data_dir to a directory on a local disk, or use cluster.store: redis.");
        }

        PrivateFiles.Write(Path.Combine(path, OwnerName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new DataDirLock(path, file);
    }

    /// <summary>Gives the directory back.</summary>
    public void Dispose() => _file.Dispose();

    private static FileStream? OpenExclusive(string path)
    {
        try
        {
            return new FileStream(Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    private static DataDirInUseException InUse(string path, string dataDir) => new(
        $"data_dir '{dataDir}' ({path}) is in use by another infermux process{Owner(path)}. " +
        "Give this one another cluster.data_dir, or let the processes share their state with cluster.store: redis.");

    private static string Owner(string path)
    {
        var file = Path.Combine(path, OwnerName);
        return File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var pid) ? $" (process {pid})" : "";
    }
}
