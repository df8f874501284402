namespace Infermux.Cluster.Topology;

/// <summary>
/// Where the programs under test are: beside this one, or in the folder that <c>INFERMUX_TEST_PROGRAMS</c> names, such as one published as the image is
/// (<c>tests/cluster/publish.sh</c>). What is compiled ahead starts with half the work, which counts where silos are restarted under load.
/// </summary>
internal static class Programs
{
    private static readonly string Folder = Environment.GetEnvironmentVariable("INFERMUX_TEST_PROGRAMS") ?? AppContext.BaseDirectory;

    /// <summary>The whole path of an assembly.</summary>
    /// <exception cref="FileNotFoundException">It is not in the folder that was named.</exception>
    public static string Path(string assembly)
    {
        var path = System.IO.Path.Combine(Folder, assembly);
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"'{path}' is missing. Publish both programs there (tests/cluster/publish.sh), or unset INFERMUX_TEST_PROGRAMS.", path);
    }
}
