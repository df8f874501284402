using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Infermux.Gateway.Tests.Money;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes;

/// <summary>
/// <c>docs/quick-start.md</c> as a stranger follows it: its five commands are taken from the page and run. Only ports are replaced by free ones, and
/// <c>dotnet run --project</c> by the programs that were built already.
/// </summary>
public sealed partial class QuickStartTests
{
    private static readonly string Page = File.ReadAllText(Repository.File("docs/quick-start.md"));

    [Fact]
    public async Task QuickStart_ItsFiveCommands_DoWhatThePageSays()
    {
        using var folder = new TemporaryFolder();
        var ports = new[] { "9101", "9102", "8080" }.ToDictionary(written => written, _ => FreePort.Next().ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal);
        var commands = Commands().Select(command => Runnable(command, ports)).ToList();
        Assert.Equal(5, commands.Count);
        Assert.Contains($"localhost:{ports["8080"]}/v1/chat/completions", commands[4], StringComparison.Ordinal);

        await using var primary = await ShellProcess.StartAsync(folder.Path, commands[0], ready: "primary listens on");
        await using var fallback = await ShellProcess.StartAsync(folder.Path, commands[1], ready: "fallback listens on");
        await ShellProcess.RunAsync(folder.Path, commands[2]);
        await using var gateway = await ShellProcess.StartAsync(folder.Path, commands[3], ready: "  listening  ");

        var (head, body) = Split(await ShellProcess.RunAsync(folder.Path, commands[4]));
        Assert.StartsWith("HTTP/1.1 200", head, StringComparison.Ordinal);
        Assert.Equal("gpt-4o", JsonNode.Parse(body)!["model"]!.GetValue<string>());
        Assert.Equal("Hello from the other side", JsonNode.Parse(body)!["choices"]![0]!["message"]!["content"]!.GetValue<string>());
        Assert.Contains("X-Infermux-Provider: anthropic\r\n", head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("X-Infermux-Attempts: 2\r\n", head, StringComparison.OrdinalIgnoreCase);

        var (streamHead, stream) = Split(await ShellProcess.RunAsync(folder.Path, commands[4].Replace("\"model\"", $"{FirstCode("Add `(?<code>[^`]+)` for")},\"model\"", StringComparison.Ordinal)));
        var streamed = new Answer(200, stream.ReplaceLineEndings("\n"), new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        Assert.Contains("text/event-stream", streamHead, StringComparison.Ordinal);
        Assert.True(streamed.EndsCleanly, stream);
        Assert.Equal("Hello from the other side", streamed.StreamedText);

        for (var sent = 2; sent < 5; sent++)
        {
            await ShellProcess.RunAsync(folder.Path, commands[4]);
        }

        var providers = Replaced(FirstCode("not asked any more: `(?<code>[^`]+)`"), ports).Replace("curl", "curl -s", StringComparison.Ordinal);
        await Eventually.HoldsAsync(
            async () => Circuit(await ShellProcess.RunAsync(folder.Path, providers)) == "open", TimeSpan.FromSeconds(10), () => "the primary's circuit is open after five requests");
        var (after, _) = Split(await ShellProcess.RunAsync(folder.Path, commands[4]));
        Assert.Contains("X-Infermux-Attempts: 1\r\n", after, StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<string> Commands() =>
        Blocks().Matches(Page).Select(block => string.Join('\n', block.Groups["text"].Value.Split('\n').Select(line => line.StartsWith("   ", StringComparison.Ordinal) ? line[3..] : line)));

    private static string Runnable(string command, Dictionary<string, string> ports)
    {
        var built = Projects().Replace(command, run => $"exec dotnet \"{Path.Combine(AppContext.BaseDirectory, run.Groups["project"].Value is "src/Infermux.Gateway" ? "infermux.dll" : "Infermux.Testing.dll")}\"");
        return Replaced(built, ports).TrimEnd().TrimEnd('&'); // a process of the test's, so that it can end it
    }

    private static string Replaced(string text, Dictionary<string, string> ports) =>
        Ports().Replace(text, written => ports[written.Value]);

    private static string FirstCode(string pattern)
    {
        var found = Regex.Match(Page.ReplaceLineEndings(" "), pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        Assert.True(found.Success, $"The page does not say any more: {pattern}");
        return found.Groups["code"].Value;
    }

    private static string? Circuit(string providers) =>
        JsonNode.Parse(providers)!.AsArray().Single(p => p!["name"]!.GetValue<string>() == "openai")!["circuit"]!.GetValue<string>();

    private static (string Head, string Body) Split(string answer)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        Assert.True(end > 0, answer);
        return (answer[..(end + 2)], answer[(end + 4)..]);
    }

    [GeneratedRegex(@"^ *```sh\n(?<text>.*?)\n *```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blocks();

    [GeneratedRegex("9101|9102|8080", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ports();

    [GeneratedRegex(@"dotnet run --project (?<project>\S+) --", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Projects();
}
