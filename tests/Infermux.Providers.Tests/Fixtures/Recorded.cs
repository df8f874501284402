using Infermux.Testing;
using Xunit;

namespace Infermux.Providers.Tests.Fixtures;

/// <summary>Recordings for tests that cannot do without: where the folder is not beside the clone, the test is skipped and says which one it lacks.</summary>
internal static class Recorded
{
    public static IReadOnlyList<RecordedExchange> Read(string file)
    {
        Need(file);
        return Recording.Read(file);
    }

    public static byte[] ReadChunks(string file)
    {
        Need(file);
        return Recording.ReadChunks(file)!;
    }

    public static string ReadText(string file)
    {
        Need(file);
        return Recording.ReadText(file)!;
    }

    private static void Need(string file) => Assert.SkipWhen(Recording.Root is null, $"shared/fixtures/{file} is not beside this clone");
}
