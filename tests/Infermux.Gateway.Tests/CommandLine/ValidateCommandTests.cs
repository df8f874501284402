using Infermux.Gateway.CommandLine;
using Infermux.Gateway.Tests.Money;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.CommandLine;

public sealed class ValidateCommandTests
{
    private static readonly string Broken = Repository.File("tests/Infermux.Hosting.Tests/Configuration/Broken");

    static ValidateCommandTests()
    {
        // What the broken files name; nothing else of this process reads them.
        Environment.SetEnvironmentVariable("TIMEOUT_TEXT", "soon-but-secret");
        Environment.SetEnvironmentVariable("SECRET_TEXT", "s3cr3t-value");
    }

    public static TheoryData<string> Files => [.. Directory.GetFiles(Broken, "*.yml").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Validate_BrokenFile_PrintsEveryProblemWithItsPlaceAndMendAndExitsByItsKind(string name)
    {
        var cli = await Cli.RunAsync("validate", "--config", Path.Combine(Broken, $"{name}.yml"));

        var expected = await File.ReadAllLinesAsync(Path.Combine(Broken, $"{name}.txt"), TestContext.Current.CancellationToken);
        var printed = cli.Error.TrimEnd().Split('\n').Select(line => line.TrimEnd('\r').Replace($"{Broken}{Path.DirectorySeparatorChar}", "", StringComparison.Ordinal));
        Assert.Equal(expected.Where(line => line.Length > 0), printed);
        Assert.Matches(@"^\d\d-[a-z-]+\.yml:\d+:\d+: ", expected[0]);
        Assert.Equal(name is "01-syntax" ? 2 : 3, cli.Code);
        Assert.Empty(cli.Output);
        Assert.DoesNotContain("s3cr3t-value", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void BrokenFiles_AreTwelve() => Assert.Equal(12, Files.Count);

    [Fact]
    public async Task Validate_ValidFile_CountsProvidersAndGroupsAndExitsWith0()
    {
        using var folder = new TemporaryFolder();
        var file = Write(folder, "providers: [{name: a, type: echo}, {name: b, type: echo}]\nrouting: {groups: [{name: g, models: [m], providers: [a]}]}\n");

        var cli = await Cli.RunAsync("validate", "--config", file);

        Assert.Equal((ExitCode.Ok, $"{file}: valid, 2 providers, 1 route groups\n"), (cli.Code, cli.Output.ReplaceLineEndings("\n")));
    }

    [Fact]
    public async Task Validate_UnknownKey_IsAWarningAndUnderStrictAnErrorThatNamesItsPlace()
    {
        using var folder = new TemporaryFolder();
        var file = Write(folder, "providers:\n  - {name: e, type: echo, timeuot: 3s}\n");

        var lax = await Cli.RunAsync("validate", "--config", file);
        var strict = await Cli.RunAsync("validate", "--config", file, "--strict");

        Assert.Equal(0, lax.Code);
        Assert.StartsWith($"{file}:2:27: warning: providers[0].timeuot:", lax.Error, StringComparison.Ordinal);
        Assert.Equal(3, strict.Code);
        Assert.StartsWith($"{file}:2:27: providers[0].timeuot:", strict.Error, StringComparison.Ordinal);
        Assert.Contains("'timeout'", strict.Error, StringComparison.Ordinal); // the nearest known key
    }

    [Fact]
    public async Task Validate_FileThatIsNotThere_ExitsWith1AndSaysHowToMakeOne()
    {
        using var folder = new TemporaryFolder();

        var cli = await Cli.RunAsync("validate", "--config", Path.Combine(folder.Path, "none.yml"));

        Assert.Equal(1, cli.Code);
        Assert.Contains("infermux init", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_EmptyFile_IsAnError()
    {
        using var folder = new TemporaryFolder();

        var cli = await Cli.RunAsync("validate", "--config", Write(folder, ""));

        Assert.Equal(3, cli.Code);
        Assert.Contains("the file is empty", cli.Error, StringComparison.Ordinal);
    }

    private static string Write(TemporaryFolder folder, string text)
    {
        var file = Path.Combine(folder.Path, "infermux.yml");
        File.WriteAllText(file, text);
        return file;
    }
}
