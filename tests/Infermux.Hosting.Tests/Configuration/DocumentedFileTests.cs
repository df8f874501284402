using System.Text.RegularExpressions;

namespace Infermux.Hosting.Tests.Configuration;

/// <summary>The pages on single providers show files that load.</summary>
public sealed partial class DocumentedFileTests
{
    [Theory]
    [InlineData("azure", 1)]
    [InlineData("bedrock", 1)]
    [InlineData("vertex", 2)]
    public void File_ThatAPageShows_LoadsStrictlyWithoutAProblemOfItsOwn(string page, int files)
    {
        var shown = Shown().Matches(File.ReadAllText(Path.Combine(Sample.Root, "docs", $"{page}.md"))).Select(static match => match.Groups["yaml"].Value).ToList();
        Assert.Equal(files, shown.Count);
        foreach (var text in shown)
        {
            var loader = Sample.Loader(new() { ["f.yml"] = text + "listen: 127.0.0.1:8080\n" }, ("VERTEX_API_KEY", "k"));
            var result = loader.Load(new() { Path = "f.yml", Strict = true });
            Assert.DoesNotContain(result.Problems, static problem => !problem.Problem.Problem.Contains("price", StringComparison.Ordinal));
            Assert.NotNull(result.Loaded);
        }
    }

    [GeneratedRegex("```yaml\n(?<yaml>providers:[^`]+)```", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shown();
}
