using System.Globalization;
using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Hosting.Configuration.Reference;
using NJsonSchema;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Infermux.Hosting.Tests.Configuration;

/// <summary>What the repository ships beside the code: the reference file, the examples, the schema and the reference page.</summary>
public class ShippedFileTests
{
    private static readonly (string, string)[] Keys =
        [("OPENAI_API_KEY", "sk-o"), ("OPENAI_EVAL_API_KEY", "sk-e"), ("ANTHROPIC_API_KEY", "sk-a"), ("GROQ_API_KEY", "gsk"), ("INFERMUX_API_KEY", "own"), ("AZURE_OPENAI_KEY", "az")];

    public static TheoryData<string> Files =>
        ["infermux.yml", .. Directory.GetFiles(Path.Combine(Sample.Root, "examples"), "*.yml").Select(f => Path.GetRelativePath(Sample.Root, f)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Valid => [.. Files.Select(f => f.Data), .. Directory.GetFiles(Path.Combine(Sample.Root, "tests/Infermux.Hosting.Tests/Configuration/Original"), "*.yml")
        .Select(f => Path.GetRelativePath(Sample.Root, f)).Where(f => !f.EndsWith("illegal.yml", StringComparison.Ordinal) && !f.EndsWith("groups.yml", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Files))]
    public void ShippedFile_WithItsKeysSet_LoadsStrictlyWithoutAnError(string path)
    {
        var result = Sample.LoadFile(Path.Combine(Sample.Root, path), strict: true, Keys);
        Assert.True(result.Loaded is not null, string.Join('\n', result.Problems));
    }

    [Fact]
    public void Examples_AreTheFiveUseCases() => Assert.Equal(
        ["cost-arbitrage", "eval-pipelines", "local-development", "multi-provider-resilience", "multi-tenant-spend-control"],
        Directory.GetFiles(Path.Combine(Sample.Root, "examples"), "*.yml").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal));

    [Fact]
    public void ReferenceFile_WithoutAnyEnvironment_LoadsOnLoopbackWithAProviderThatNeedsNoKey()
    {
        var result = Sample.LoadFile(Path.Combine(Sample.Root, "infermux.yml"), strict: true);
        Assert.True(result.Loaded is not null, string.Join('\n', result.Problems));
        var options = result.Loaded.Snapshot.Options;
        Assert.Equal("127.0.0.1:8080", options.Listen);
        Assert.Equal(AuthMode.Passthrough, options.Auth.Mode);
        Assert.Contains(options.Providers, p => p.Type == ProviderType.Echo);
        Assert.DoesNotContain(result.Problems, p => p.Problem.Problem.Contains("is not set", StringComparison.Ordinal));
    }

    [Fact]
    public void ReferenceFile_Loaded_WarnsOfNothingButPricesAndCallersThatNobodyChecks()
    {
        var result = Sample.LoadFile(Path.Combine(Sample.Root, "infermux.yml"), strict: true, Keys);
        Assert.Equal(["openai", "anthropic", "groq", "local", "echo"], result.Loaded!.Snapshot.Options.Providers.Select(p => p.Name));
        Assert.Equal(RoutingStrategy.CostWeighted, result.Loaded.Snapshot.Options.Routing.Groups.Single(g => g.Name == "eval").Strategy);
        Assert.Equal("budgets.callers[0].action", Assert.Single(result.Problems, p => !p.Problem.Problem.Contains("price", StringComparison.Ordinal)).Problem.Path);
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public async Task ShippedFile_AgainstTheShippedSchema_IsValid(string path)
    {
        var schema = await JsonSchema.FromJsonAsync(ConfigurationSchema.Write(), TestContext.Current.CancellationToken);
        Assert.Empty(schema.Validate(Json(await File.ReadAllTextAsync(Path.Combine(Sample.Root, path), TestContext.Current.CancellationToken))).Select(e => e.ToString()));
    }

    [Theory]
    [InlineData("{providers: [{name: a, type: opnai}]}")]
    [InlineData("{providers: [{name: a, type: echo, timeout: 5 minutes}]}")]
    [InlineData("{providers: [{name: a, type: echo, retries: 3}]}")]
    [InlineData("{providers: [{type: echo}]}")]
    [InlineData("{listen: ':8080'}")]
    [InlineData("{providers: [{name: a, type: echo}], circuit_breaker: {error_rate_threshold: 2}}")]
    [InlineData("{providers: [{name: a, type: echo}], budgets: [{caller: x, action: alert}]}")]
    [InlineData("{providers: [{name: a, type: echo}], pricing: {a: {m: {input_per_million: cheap}}}}")]
    public async Task BrokenFile_AgainstTheShippedSchema_IsRefused(string yaml)
    {
        var schema = await JsonSchema.FromJsonAsync(ConfigurationSchema.Write(), TestContext.Current.CancellationToken);
        Assert.NotEmpty(schema.Validate(Json(yaml)));
    }

    [Fact]
    public void Schema_CheckedIn_IsTheGeneratedOne() => Same(ConfigurationSchema.FileName, ConfigurationSchema.Write());

    [Fact]
    public void ReferencePage_CheckedIn_IsTheGeneratedOne() => Same("docs/configuration.md", ConfigurationReference.Write());

    [Fact]
    public void EveryKey_InTheReferencePage_HasAMeaning() =>
        Assert.DoesNotContain(ConfigurationReference.Write().Split('\n'), line => line.EndsWith("|  |", StringComparison.Ordinal));

    // INFERMUX_REGENERATE=1 writes the file in place of comparing it.
    private static void Same(string path, string generated)
    {
        var file = Path.Combine(Sample.Root, path);
        if (Environment.GetEnvironmentVariable("INFERMUX_REGENERATE") == "1") { File.WriteAllText(file, generated); }
        Assert.Equal(generated, File.ReadAllText(file));
    }

    private static string Json(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return Json(stream.Documents[0].RootNode)!.ToJsonString();
    }

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, Json(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } => bool.TryParse(text, out var flag) ? flag
            : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : text,
        YamlScalarNode scalar => scalar.Value,
        _ => throw new NotSupportedException(node.NodeType.ToString()),
    };
}
