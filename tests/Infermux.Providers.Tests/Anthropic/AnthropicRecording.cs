using System.Text;
using System.Text.Json;
using Xunit;

namespace Infermux.Providers.Tests.Anthropic;

/// <summary>Recorded replies in <c>shared/fixtures/anthropic</c> beside the repository. A plain clone has none; the tests that need one are then skipped by name.</summary>
internal static class AnthropicRecording
{
    public static IReadOnlyList<(string Request, int Status, byte[] Body)> Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path(file)));
        return [.. document.RootElement.GetProperty("interactions").EnumerateArray().Select(static exchange => (
            exchange.GetProperty("request").GetProperty("body").GetString() ?? "",
            exchange.GetProperty("response").GetProperty("status").GetInt32(),
            Encoding.UTF8.GetBytes(exchange.GetProperty("response").GetProperty("body").GetString() ?? "")))];
    }

    public static byte[] ReadChunks(string file) => Translation.Wire(File.ReadLines(Path(file)).Where(static line => line.Length > 0));

    private static string Path(string file)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var path = System.IO.Path.Combine(at.FullName, "shared", "fixtures", "anthropic", file);
            if (File.Exists(path))
            {
                return path;
            }
        }

        Assert.Skip($"The recording shared/fixtures/anthropic/{file} is not beside this clone.");
        return "";
    }
}
