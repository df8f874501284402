using System.Diagnostics;

namespace Infermux.Manifests;

/// <summary>
/// A mounted ConfigMap or Secret, laid out and changed as kubelet does it: the files are links into <c>..data</c>, itself a link to a folder that is never
/// written again. A change makes a new folder and swaps the one link, so whoever reads sees all of the old files or all of the new.
/// </summary>
public sealed class MountedFiles
{
    private const string Data = "..data";

    private readonly string _folder;
    private int _version;

    /// <summary>Mounts.</summary>
    public MountedFiles(string folder, IReadOnlyDictionary<string, string> files)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        Swap(files);
        foreach (var name in files.Keys)
        {
            File.CreateSymbolicLink(Path.Combine(folder, name), Path.Combine(Data, name));
        }
    }

    /// <summary>Changes the files to these, which have the same names.</summary>
    public void Swap(IReadOnlyDictionary<string, string> files)
    {
        var (link, next) = (Path.Combine(_folder, Data), Path.Combine(_folder, Data + "_tmp"));
        var old = new DirectoryInfo(link).LinkTarget;
        var name = $"..2026_11_29_{_version++:00000000}";
        Directory.CreateDirectory(Path.Combine(_folder, name));
        foreach (var (file, text) in files)
        {
            File.WriteAllText(Path.Combine(_folder, name, file), text);
        }

        Directory.CreateSymbolicLink(next, name);
        Rename(next, link);
        if (old is not null)
        {
            Directory.Delete(Path.Combine(_folder, old), recursive: true);
        }
    }

    // rename(2), which takes the place of a link in one step: File.Move finds no file at a link to a folder, Directory.Move refuses what is there already.
    private static void Rename(string from, string to)
    {
        using var move = Process.Start("mv", ["--no-target-directory", from, to]);
        move.WaitForExit();
        if (move.ExitCode != 0)
        {
            throw new IOException($"{from} could not be renamed to {to}.");
        }
    }
}
