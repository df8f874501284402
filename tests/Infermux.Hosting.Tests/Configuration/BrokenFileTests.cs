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

    [Theory]
    [InlineData("azure_auth: entra", null)]
    [InlineData("azure_auth: entra, azure_client_id: c", null)]
    [InlineData("azure_auth: entra, azure_tenant_id: t, azure_client_id: c, azure_client_secret: s", null)]
    [InlineData("azure_auth: entra, api_key: k", "azure_auth: is 'entra' although there is an 'api_key', so nobody knows which of the two is meant. Remove 'api_key', or 'azure_auth'.")]
    [InlineData("azure_auth: entra, azure_client_secret: s, azure_client_id: c", "azure_client_secret: needs 'azure_tenant_id' beside it.")]
    [InlineData("azure_auth: entra, azure_client_secret: s, azure_tenant_id: t", "azure_client_secret: needs 'azure_client_id' beside it.")]
    [InlineData("azure_auth: entra, azure_scope: cognitiveservices", "azure_scope: 'cognitiveservices' is not a scope of an application.")]
    [InlineData("azure_auth: managed", "azure_auth: 'managed' is not")]
    [InlineData("api_key: k, azure_client_id: c", "warning: providers[0].azure_client_id: has no effect without 'azure_auth: entra'.")]
    public void Entra_WithoutOneWholeIdentity_IsNamed(string keys, string? expected) =>
        AssertNamed($"providers: [{{name: e, type: azure_openai, base_url: 'https://r.openai.azure.com', {keys}}}]", expected);

    [Theory]
    [InlineData("vertex_project: p", null)]
    [InlineData("vertex_project: p, vertex_location: europe-west4", null)]
    [InlineData("base_url: 'https://aiplatform.googleapis.com', api_key: k", null)]
    [InlineData("base_url: 'https://aiplatform.googleapis.com'", "'e' is on Vertex AI without a project, and that takes an API key, which is not there.")]
    [InlineData("vertex_project: 'a/b'", "vertex_project: 'a/b' is not the id or number of a Google Cloud project.")]
    [InlineData("vertex_project: p, vertex_location: 'eu.example'", "vertex_location: 'eu.example' is not a location of Vertex AI.")]
    [InlineData("vertex_project: p, api_key: k, vertex_credentials_file: f", "warning: providers[0].vertex_credentials_file: has no effect beside 'api_key'.")]
    [InlineData("vertex_project: p, vertex_credentials_file: f", "warning: providers[0].vertex_credentials_file: the file 'f' cannot be read here.")]
    [InlineData("api_key: k, vertex_location: eu", "warning: providers[0].vertex_location: has no effect without 'vertex_project'.")]
    public void Vertex_WithoutAPlaceAndACredential_IsNamed(string keys, string? expected) =>
        AssertNamed($"providers: [{{name: e, type: gemini, models: [gemini-2.5-flash], {keys}}}]", expected);

    [Theory]
    [InlineData("azure_auth: entra", "azure_auth: has no effect: the type is not 'azure_openai'.")]
    [InlineData("vertex_project: p", "vertex_project: has no effect: the type is not 'gemini'.")]
    public void CloudKeys_OfAnotherType_AreWarnedOf(string keys, string expected) =>
        AssertNamed($"providers: [{{name: e, type: openai, api_key: k, {keys}}}]", expected);

    [Theory]
    [InlineData("{name: e, type: azure_openai, base_url: 'https://r.openai.azure.com', azure_auth: entra}", true)]
    [InlineData("{name: e, type: gemini, vertex_project: p}", true)]
    [InlineData("{name: e, type: azure_openai, base_url: 'https://r.openai.azure.com'}", false)]
    [InlineData("{name: e, type: gemini}", false)]
    public void StaticKey_IsRefusedOnlyWhereNoCredentialIsOurs(string provider, bool loads)
    {
        var loader = Sample.Loader(new() { ["f.yml"] = $"auth: {{mode: static_key, key: k}}\nproviders: [{provider}]" });
        Assert.Equal(loads, loader.Load(new() { Path = "f.yml" }).Loaded is not null);
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
            + "models, model_aliases, rate_limits, max_concurrency, health_check, circuit_breaker, azure_deployment, azure_api_version, azure_auth, azure_tenant_id, azure_client_id, azure_client_secret, azure_scope, anthropic_beta, responses_api, aws_region, aws_access_key_id, "
            + "aws_secret_access_key, aws_session_token, aws_profile, vertex_project, vertex_location, vertex_credentials_file, headers, ca_file, allow_private.",
            Assert.Single(strict.Problems).ToString());
    }

    private static void AssertNamed(string text, string? expected)
    {
        var result = Sample.Loader(new() { ["f.yml"] = text }).Load(new() { Path = "f.yml" });
        var problems = result.Problems.Where(static problem => !problem.ToString().Contains("pay for whoever calls", StringComparison.Ordinal)).ToList();
        if (expected is null)
        {
            Assert.Empty(problems);
        }
        else
        {
            Assert.Contains(problems, problem => problem.ToString().Contains(expected, StringComparison.Ordinal));
        }
    }
}
