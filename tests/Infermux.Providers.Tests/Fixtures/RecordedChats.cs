using Infermux.Testing;

namespace Infermux.Providers.Tests.Fixtures;

/// <summary>The recordings that may hold chat of OpenAI's dialect.</summary>
internal static class RecordedChats
{
    private static readonly string[] Folders = ["openai", "azure", "deepseek", "groq", "mistral", "ollama", "openai-compatible", "openrouter"];

    /// <summary>Their names as <see cref="Recording.Read"/> takes them; none where the folder is not there.</summary>
    public static IEnumerable<string> Files() => Recording.Root is not { } root ? [] : Folders
        .Where(folder => Directory.Exists(Path.Combine(root, folder)))
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.http.json"))
        .Select(file => Path.GetRelativePath(root, file)).Order(StringComparer.Ordinal);
}
