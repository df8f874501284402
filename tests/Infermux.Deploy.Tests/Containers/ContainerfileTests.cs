using System.Text.RegularExpressions;
using Infermux.Deploy.Tests.Support;
using Infermux.Manifests;

namespace Infermux.Deploy.Tests.Containers;

/// <summary>The image, as far as its file tells: no engine is needed.</summary>
public sealed partial class ContainerfileTests
{
    private static readonly string[] Lines = File.ReadAllText(Clone.At("deploy/Containerfile")).Replace("\\\n", " ", StringComparison.Ordinal)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => line[0] != '#').ToArray();

    private static readonly string[] Last = [.. Lines.SkipWhile(line => !line.Contains("chiseled", StringComparison.Ordinal))];

    [Fact]
    public void Copied_FromTheClone_IsThereAndNotLeftOutByDockerignore()
    {
        var sources = Lines.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ')[1..^1]).ToArray();
        var sent = File.ReadAllLines(Clone.At(".dockerignore"));

        Assert.NotEmpty(sources);
        Assert.All(sources, source => Assert.True(File.Exists(Clone.At(source)) || Directory.Exists(Clone.At(source)), source));
        Assert.Contains("*", sent);
        Assert.All(sources, source => Assert.Contains($"!{source}", sent));
    }

    [Fact]
    public void Published_AreTheTwoProgramsThatPodsStart()
    {
        var published = Project().Matches(string.Join('\n', Lines)).Select(project => project.Groups["project"].Value).ToArray();

        Assert.Equal(["src/Infermux.Gateway", "src/Infermux.Silo"], published);
        Assert.Equal(["/app/infermux", "/app/infermux-silo"], published.Select(project => $"/app/{AssemblyName(project)}"));
    }

    [Theory]
    [MemberData(nameof(Renderings.All), MemberType = typeof(Renderings))]
    public async Task Pods_StartWhatTheImageHasAsItsUserOnItsPorts(string name)
    {
        var exposed = Last.Single(line => line.StartsWith("EXPOSE", StringComparison.Ordinal)).Split(' ')[1..];
        var user = Last.Single(line => line.StartsWith("USER", StringComparison.Ordinal)).Split(' ')[1];
        foreach (var deployment in (await Renderings.OfAsync(name)).Ours())
        {
            Assert.Contains(Assert.Single(deployment.Container().Command), (string[])["/app/infermux", "/app/infermux-silo"]);
            Assert.Equal(user, $"{deployment.Spec.Template.Spec.SecurityContext.RunAsUser}");
            Assert.Subset(exposed.ToHashSet(), deployment.Container().Ports.Select(port => $"{port.ContainerPort}").ToHashSet());
        }
    }

    [Fact]
    public void Image_IsChiseledAndNotRootAndStartsServing()
    {
        Assert.Matches(@"\AFROM mcr\.microsoft\.com/dotnet/aspnet:10\.0-\w+-chiseled\z", Last[0]);
        Assert.DoesNotContain(Last, line => line.StartsWith("RUN", StringComparison.Ordinal)); // there is no shell
        Assert.Contains("""ENTRYPOINT ["/app/infermux"]""", Last);
        Assert.Contains("""CMD ["serve"]""", Last);
        Assert.Contains("COPY --from=build --chown=1654:1654 /data /var/lib/infermux", Last); // data_dir of every file here
    }

    private static string AssemblyName(string project) =>
        Name().Match(File.ReadAllText(Directory.GetFiles(Clone.At(project), "*.csproj").Single())).Groups["name"].Value;

    [GeneratedRegex(@"dotnet publish (?<project>\S+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Project();

    [GeneratedRegex("<AssemblyName>(?<name>.+)</AssemblyName>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
