using System.Text.Json.Nodes;
using Infermux.Gateway.Tests.Money;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.CommandLine;

/// <summary>Verbs that ask no gateway.</summary>
public sealed class LocalCommandTests
{
    [Fact]
    public async Task Init_InAnEmptyFolder_WritesAFileThatIsValidAndItsSchemaBesideIt()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "infermux.yml");

        var cli = await Cli.RunAsync("init", "--config", file);

        Assert.Equal(0, cli.Code);
        Assert.Contains("$schema=./infermux.schema.json", File.ReadLines(file).First(), StringComparison.Ordinal);
        Assert.NotNull(JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder.Path, "infermux.schema.json"), TestContext.Current.CancellationToken)));
        var valid = await Cli.RunAsync("validate", "--strict", "--config", file);
        Assert.Equal((0, ""), (valid.Code, valid.Error));
    }

    [Fact]
    public async Task Init_WhereAFileIs_LeavesItAndExitsWith1()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "infermux.yml");
        await File.WriteAllTextAsync(file, "mine", TestContext.Current.CancellationToken);

        var cli = await Cli.RunAsync("init", "--config", file);

        Assert.Equal(1, cli.Code);
        Assert.Contains("is left as it is", cli.Error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("schema", "infermux.schema.json")]
    [InlineData("docs", "docs/configuration.md")]
    public async Task Config_PrintsWhatTheRepositoryShips(string what, string shipped)
    {
        var cli = await Cli.RunAsync("config", what);

        Assert.Equal(0, cli.Code);
        Assert.Equal(await File.ReadAllTextAsync(Repository.File(shipped), TestContext.Current.CancellationToken), cli.Output);
    }

    [Fact]
    public async Task Version_AsVerbAndAsFlag_PrintsNameAndNumber()
    {
        var verb = await Cli.RunAsync("version");
        var flag = await Cli.RunAsync("--version");

        Assert.Equal(0, verb.Code);
        Assert.Matches(@"^infermux \d+\.\d+\.\d+", verb.Output);
        Assert.Equal(0, flag.Code);
        Assert.StartsWith(verb.Output.Trim()["infermux ".Length..], flag.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_NamesEveryVerb()
    {
        var cli = await Cli.RunAsync("--help");

        Assert.Equal(0, cli.Code);
        foreach (var verb in (string[])["serve", "validate", "init", "status", "providers", "infer", "costs", "budgets", "config", "version"])
        {
            Assert.Contains($"  {verb} ", cli.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("sreve")]
    [InlineData("validate", "--stric")]
    [InlineData("status", "--format", "xml")]
    [InlineData("status", "--format", "yaml")] // the original has it for providers only
    public async Task Words_ThatMeanNothing_ExitWith1AndAreNamed(params string[] args)
    {
        var cli = await Cli.RunAsync(args);

        Assert.Equal(1, cli.Code);
        Assert.Contains(args[^1], cli.Error, StringComparison.Ordinal);
    }
}
