using Infermux.Testing;
using Xunit;

namespace Infermux.Providers.Tests.Gemini;

/// <summary>The project's own replies of Gemini, one test row each.</summary>
internal static class GeminiFixtures
{
    public static IReadOnlyDictionary<string, string[]> All => GeminiReplies.All;

    public static TheoryData<string> Names => [.. All.Keys];
}
