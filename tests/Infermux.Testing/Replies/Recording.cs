using System.Text;
using System.Text.Json;

namespace Infermux.Testing;

/// <summary>Recorded provider replies. They lie in <c>shared/fixtures</c> beside the repository, which a plain clone does not have.</summary>
public static class Recording
{
    /// <summary>Where they lie; null where they do not.</summary>
    public static string? Root { get; } = Find();

    /// <summary>The exchanges of one recording, by its path in the folder; empty where the folder is not there.</summary>
    public static IReadOnlyList<RecordedExchange> Read(string file)
    {
        if (Root is null)
        {
            return [];
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root, file)));
        return [.. document.RootElement.GetProperty("interactions").EnumerateArray().Select(static e => Exchange(e.GetProperty("request"), e.GetProperty("response")))];
    }

    /// <summary>The stream of a file with one payload a line; null where the folder is not there.</summary>
    public static byte[]? ReadChunks(string file)
    {
        if (Root is null)
        {
            return null;
        }

        var payloads = File.ReadLines(Path.Combine(Root, file)).Where(static line => line.Length > 0);
        return Encoding.UTF8.GetBytes(file.StartsWith("anthropic/", StringComparison.Ordinal)
            ? string.Concat(payloads.Select(static data => $"event: {JsonDocument.Parse(data).RootElement.GetProperty("type").GetString()}\ndata: {data}\n\n"))
            : string.Concat(payloads.Select(static data => $"data: {data}\n\n")) + "data: [DONE]\n\n");
    }

    /// <summary>A file that is a bare body; null where the folder is not there.</summary>
    public static string? ReadText(string file) => Root is null ? null : File.ReadAllText(Path.Combine(Root, file));

    private static RecordedExchange Exchange(JsonElement request, JsonElement response) => new(
        request.GetProperty("body").GetString() ?? "",
        response.GetProperty("status").GetInt32(),
        response.GetProperty("headers").EnumerateObject().ToDictionary(static h => h.Name, static h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
        response.TryGetProperty("body_base64", out var bytes) ? bytes.GetBytesFromBase64() : Encoding.UTF8.GetBytes(response.GetProperty("body").GetString() ?? ""));

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
