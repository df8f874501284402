using Infermux.Testing;

namespace Infermux.Gateway.Tests.Money;

internal static class JournalFolder
{
    /// <summary>What a kill -9 would leave at this moment: the files as the kernel has them, without the owner's lock.</summary>
    public static TemporaryFolder Snapshot(this TemporaryFolder folder)
    {
        var copy = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*.settles"))
        {
            File.Copy(file, Path.Combine(copy.Path, Path.GetFileName(file)));
        }

        return copy;
    }
}
