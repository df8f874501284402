using System.Text;
using Infermux.Gateway.Tests.Money;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes;

/// <summary>The README's first command, with nothing set: in a clone, whose root has the reference configuration, and where there is no file at all.</summary>
public sealed class FirstStartTests
{
    [Fact]
    public async Task FirstStart_WithTheReferenceFileAndNoEnvironment_AnswersWholeAndStreamed()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Repository.File("infermux.yml"), Path.Combine(folder.Path, "infermux.yml"));

        await AnswersAsync(folder.Path, says: "  config     infermux.yml");
    }

    [Fact]
    public async Task FirstStart_WithoutAFileAndNoEnvironment_AnswersWholeAndStreamed()
    {
        using var folder = new TemporaryFolder();

        await AnswersAsync(folder.Path, says: "  config     none: providers from environment variables");
    }

    private static async Task AnswersAsync(string folder, string says)
    {
        await using var gateway = await GatewayProcess.StartBareAsync(folder, "--listen", "127.0.0.1:0");

        var whole = await AskAsync(gateway, ReadmeBody());
        var streamed = await AskAsync(gateway, ReadmeBody().Replace("\"messages\"", "\"stream\":true,\"messages\"", StringComparison.Ordinal));

        Assert.True(whole.Status == 200, whole.Body);
        Assert.Contains("Hello", whole.Content, StringComparison.Ordinal);
        Assert.Equal("echo", whole.Header("X-Infermux-Provider"));
        Assert.Equal("1", whole.Header("X-Infermux-Attempts"));
        Assert.True(streamed is { Status: 200, EndsCleanly: true }, streamed.Body);
        Assert.Contains("Hello", streamed.StreamedText, StringComparison.Ordinal);
        Assert.Contains(says, gateway.Output, StringComparison.Ordinal);
        Assert.Contains("\"model\":\"echo-v1\"", gateway.Output, StringComparison.Ordinal); // the banner's own line works without a key, too
        Assert.True(Directory.Exists(Path.Combine(folder, "data")), "State is durable from the first request.");
    }

    /// <summary>What the README's first curl line sends.</summary>
    private static string ReadmeBody()
    {
        var line = File.ReadLines(Repository.File("README.md")).First(l => l.Contains("-d '{\"model\":\"echo-v1\"", StringComparison.Ordinal));
        return line[(line.IndexOf('\'', StringComparison.Ordinal) + 1)..line.LastIndexOf('\'')];
    }

    private static async Task<Answer> AskAsync(GatewayProcess gateway, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await gateway.Client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), content, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync(response);
    }
}
