using System.Text;
using System.Text.Json;

namespace Infermux.Providers.Tests.Fixtures;

/// <summary>Recorded provider replies. They lie in <c>shared/fixtures</c> beside the repository, which a plain clone does not have.</summary>
internal static class Recording
{
    private static readonly string? Folder = Find();

    /// <summary>Where they lie; null where they do not.</summary>
    public static string? Root => Folder;

    /// <summary>The replies of one recording; empty where the folder is not there.</summary>
    public static IReadOnlyList<RecordedReply> Read(string file)
    {
        if (Folder is null)
        {
            return [];
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, file)));
        return [.. document.RootElement.GetProperty("interactions").EnumerateArray().Select(Reply)];
    }

    /// <summary>The stream of a file with one payload a line.</summary>
    public static byte[]? ReadChunks(string file) => Folder is null
        ? null
        : Encoding.UTF8.GetBytes(string.Concat(File.ReadLines(Path.Combine(Folder, file)).Where(l => l.Length > 0).Select(l => $"data: {l}\n\n")) + "data: [DONE]\n\n");

    /// <summary>A file that is a bare body; null where the folder is not there.</summary>
    public static string? ReadText(string file) => Folder is null ? null : File.ReadAllText(Path.Combine(Folder, file));

    private static RecordedReply Reply(JsonElement interaction)
    {
        var response = interaction.GetProperty("response");
        return new RecordedReply(
            interaction.GetProperty("request").GetProperty("body").GetString() ?? "",
            response.GetProperty("status").GetInt32(),
            response.GetProperty("headers").EnumerateObject().ToDictionary(h => h.Name, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Encoding.UTF8.GetBytes(response.GetProperty("body").GetString() ?? ""));
    }

    private static string? Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var candidate = Path.Combine(at.FullName, "shared", "fixtures");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
