using Infermux.Hosting.Configuration;

namespace Infermux.Hosting.Tests.Configuration;

/// <summary>Twelve broken files: each reports every problem at once, at its line and column, with the mend.</summary>
public class BrokenFileTests
{
    private static readonly (string, string)[] Variables = [("TIMEOUT_TEXT", "soon-but-secret"), ("SECRET_TEXT", "s3cr3t-value")];

    public static TheoryData<string> Names => [.. Directory.GetFiles(Sample.Fixture("Broken", ""), "*.yml").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void BrokenFile_Loaded_ReportsEveryProblemAtItsPlaceWithTheMend(string name)
    {
        var result = Sample.LoadFile(Sample.Fixture("Broken", name), variables: Variables);
        var lines = string.Join('\n', result.Problems);
        var expected = Sample.Fixture("Broken", Path.ChangeExtension(name, ".txt"));
        if (Environment.GetEnvironmentVariable("INFERMUX_REGENERATE") == "1")
        {
            File.WriteAllText(Path.Combine(Sample.Root, "tests/Infermux.Hosting.Tests/Configuration/Broken", Path.ChangeExtension(name, ".txt")), lines + "\n");
            return;
        }
        Assert.Equal(File.ReadAllText(expected).TrimEnd(), lines);
        Assert.Null(result.Loaded);
        Assert.DoesNotContain("s3cr3t-value", lines, StringComparison.Ordinal);
        Assert.DoesNotContain("soon-but-secret", lines, StringComparison.Ordinal);
    }

    [Fact]
    public void BrokenFiles_TogetherWithTheirExpectations_AreTwelve() => Assert.Equal(12, Names.Count);

    [Fact]
    public void MalformedFile_Loaded_IsToldApartFromAnInvalidOne()
    {
        Assert.Equal(LoadFailure.Malformed, Sample.LoadFile(Sample.Fixture("Broken", "01-syntax.yml")).Failure);
        Assert.Equal(LoadFailure.Invalid, Sample.LoadFile(Sample.Fixture("Broken", "03-missing.yml")).Failure);
    }

    [Theory]
    [InlineData("anthropic", false)]
    [InlineData("echo", false)]
    [InlineData("openai", true)]
    [InlineData("ollama", true)]
    public void ResponsesApi_WhereTheTypeCannotSpeakIt_IsRefused(string type, bool loads)
    {
        var loader = Sample.Loader(new() { ["f.yml"] = $"providers: [{{name: e, type: {type}, api_key: k, models: [m], responses_api: true}}]" });
        var result = loader.Load(new() { Path = "f.yml" });
        Assert.Equal(loads, result.Loaded is not null);
        Assert.Equal(!loads, string.Join('\n', result.Problems).Contains("providers[0].responses_api: a provider of this type does not speak", StringComparison.Ordinal));
    }

    [Fact]
    public void UnknownKey_UnderStrict_IsAnError()
    {
        const string text = "providers: [{name: e, type: echo, models: [m], retries: 3}]";
        var loader = Sample.Loader(new() { ["f.yml"] = text });
        Assert.NotNull(loader.Load(new() { Path = "f.yml" }).Loaded);
        var strict = loader.Load(new() { Path = "f.yml", Strict = true });
        Assert.Equal(LoadFailure.Invalid, strict.Failure);
        Assert.Equal("f.yml:1:48: providers[0].retries: 'retries' is not a known key. Remove it; known here: name, type, api_key, base_url, timeout, connect_timeout, idle_timeout, "
            + "models, model_aliases, rate_limits, max_concurrency, health_check, circuit_breaker, azure_deployment, azure_api_version, anthropic_beta, responses_api, aws_region, aws_access_key_id, aws_secret_access_key, aws_session_token, aws_profile, headers, ca_file, allow_private.",
            Assert.Single(strict.Problems).ToString());
    }
}
