using System.Text;
using System.Text.Json;
using Infermux.Providers.Tests.Fixtures;
using Xunit;

namespace Infermux.Providers.Tests.Bedrock;

/// <summary>Recorded replies in <c>shared/fixtures/bedrock</c> beside the repository. A plain clone has none; the tests that need one are then skipped by name.</summary>
internal static class BedrockRecording
{
    public static IReadOnlyList<RecordedReply> Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Find(file)));
        return [.. document.RootElement.GetProperty("interactions").EnumerateArray().Select(static exchange => Reply(exchange.GetProperty("request"), exchange.GetProperty("response")))];
    }

    private static RecordedReply Reply(JsonElement request, JsonElement response) => new(
        request.GetProperty("body").GetString() ?? "",
        response.GetProperty("status").GetInt32(),
        response.GetProperty("headers").EnumerateObject().ToDictionary(static h => h.Name, static h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
        response.TryGetProperty("body_base64", out var frames) ? frames.GetBytesFromBase64() : Encoding.UTF8.GetBytes(response.GetProperty("body").GetString() ?? ""));

    private static string Find(string file)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var path = Path.Combine(at.FullName, "shared", "fixtures", "bedrock", file);
            if (File.Exists(path))
            {
                return path;
            }
        }

        Assert.Skip($"The recording shared/fixtures/bedrock/{file} is not beside this clone.");
        return "";
    }
}
