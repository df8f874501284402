using Xunit;
using System.Globalization;
using CsCheck;
using Infermux.Core.Configuration;
using Infermux.Core.Pricing;

namespace Infermux.Core.Tests.Pricing;

public sealed class PriceTableTests
{
    private static readonly PriceTable BuiltIn = PriceTable.Build(new InfermuxOptions());

    /// <summary>Worked numbers of the original's cost page: 100 M in, 10 M out a day.</summary>
    [Theory]
    [InlineData("gpt-4o", 350)]
    [InlineData("gpt-4o-mini", 21)]
    public void Cost_OfTheOriginalsWorkedDay_IsItsNumber(string model, int usd) =>
        Assert.Equal(usd, BuiltIn.Find(OpenAi(), model)!.Cost(new TokenUsage(100_000_000, Output: 10_000_000)));

    [Theory]
    [InlineData(ProviderType.OpenAi, "gpt-4o", "2.5", "10")]
    [InlineData(ProviderType.OpenAi, "gpt-6.1-sol", "2", "10")] // additions
    [InlineData(ProviderType.OpenAi, "gpt-5.6-sol", "4", "20")] // corrections
    [InlineData(ProviderType.Anthropic, "claude-opus-4-5", "5", "25")]
    [InlineData(ProviderType.Anthropic, "claude-haiku-5-5", "0.1", "0.5")]
    [InlineData(ProviderType.AzureOpenAi, "gpt-4o-mini", "0.165", "0.66")]
    [InlineData(ProviderType.Bedrock, "us.anthropic.claude-haiku-4-5-20251001-v1:0", "1.1", "5.5")]
    [InlineData(ProviderType.Bedrock, "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0", "1.1", "5.5")]
    public void Find_KnownModel_HasTheVendorsPrice(ProviderType type, string model, string input, string output)
    {
        var price = BuiltIn.Find(new ProviderOptions { Name = "p", Type = type }, model)!;
        Assert.Equal((Usd(input), Usd(output)), (price.Input, price.Output));
        Assert.True(price.MaxInput > 0 && price.MaxOutput > 0);
    }

    [Fact]
    public void Cost_OfALongHaikuPrompt_TakesTheLongPricesForAll() =>
        Assert.Equal((100_001 * 0.5m + 1_000 * 2.5m) / 1_000_000m, Anthropic("claude-haiku-5-5").Cost(new TokenUsage(100_001, Output: 1_000)));

    [Fact]
    public void CacheWriteLong_OfACorrectedRow_IsTwiceTheInput() =>
        Assert.Equal(0.5m, Anthropic("claude-3-haiku-20240307").CacheWriteLong);

    [Theory]
    [InlineData("https://api.openai.com/v1", "gpt-4o", true)]
    [InlineData("https://eu.api.openai.com/v1", "gpt-4o", true)]
    [InlineData("https://API.GROQ.com/openai/v1", "llama-3.3-70b-versatile", true)]
    [InlineData("https://api.mistral.ai/v1", "mistral-large-latest", true)]
    [InlineData("https://api.deepseek.com", "deepseek-chat", true)]
    [InlineData("https://openrouter.ai/api/v1", "openai/gpt-4o", true)]
    [InlineData("https://generativelanguage.googleapis.com/v1beta/openai", "models/gemini-2.5-flash", true)]
    [InlineData("https://res.openai.azure.com/openai/v1", "gpt-4o", true)]
    [InlineData("http://localhost:11434/v1", "anything", true)]
    [InlineData("https://openrouter.ai/api/v1", "some/model:free", true)]
    [InlineData("https://api.openai.com.evil.example/v1", "gpt-4o", false)]
    [InlineData("https://notapi.openai.com/v1", "gpt-4o", false)]
    [InlineData("http://10.0.0.7:8000/v1", "gpt-4o", false)]
    [InlineData("https://api.groq.com/openai/v1", "gpt-4o", false)]
    public void Find_OpenAiShapedProvider_GoesByTheHostOfItsUrl(string url, string model, bool known) =>
        Assert.Equal(known, BuiltIn.Find(OpenAi() with { BaseUrl = url }, model) is not null);

    [Theory]
    [InlineData("gpt-4o-2024-08-06", "gpt-4o-2024-08-06")] // its own row
    [InlineData("gpt-4o-2031-01-31", "gpt-4o")]
    [InlineData("GPT-4o", "gpt-4o")]
    [InlineData("gpt-4o-latest", "gpt-4o")]
    [InlineData("ft:gpt-4o-2024-08-06:acme:support:abc", "ft:gpt-4o-2024-08-06")]
    public void Find_OtherFormOfAName_IsThatModel(string asked, string row) =>
        Assert.Equal(BuiltIn.Find(OpenAi(), row) ?? throw new InvalidOperationException(row), BuiltIn.Find(OpenAi(), asked), PriceEquality);

    [Theory]
    [InlineData("gpt-4o-mini-next")]
    [InlineData("gpt")]
    [InlineData("")]
    public void Find_UnknownModel_HasNoPrice(string model) => Assert.Null(BuiltIn.Find(OpenAi(), model));

    [Theory]
    [InlineData(ProviderType.Echo)]
    [InlineData(ProviderType.Ollama)]
    public void Find_EchoAndOllama_CostNothing(ProviderType type) =>
        Assert.Equal(0m, BuiltIn.Find(new ProviderOptions { Name = "local", Type = type }, "any")!.UpperBound(1_000_000, 1_000_000));

    [Fact]
    public void Find_AzureDeployment_IsPricedByTheModelItsAliasNames()
    {
        var azure = new ProviderOptions
        {
            Name = "az",
            Type = ProviderType.AzureOpenAi,
            BaseUrl = "https://r.openai.azure.com",
            ModelAliases = new Dictionary<string, string>(StringComparer.Ordinal) { ["gpt-4o"] = "prod-east" },
        };
        Assert.Equal(2.5m, BuiltIn.Find(azure, "prod-east")!.Input);
        Assert.Null(BuiltIn.Find(azure, "prod-west"));
        Assert.Equal(0.165m, BuiltIn.Find(azure with { Models = ["gpt-4o-mini"] }, "prod-west")!.Input);
    }

    [Fact]
    public void Find_WithAnOverride_ReplacesPriceByPriceInEveryTier()
    {
        var price = Overridden(OpenAi(), "gpt-6.1-sol", new PriceOverride { OutputPerMillion = 7m }).Find(OpenAi(), "gpt-6.1-sol")!;
        Assert.Equal((2m, 7m, 0.1m), (price.Input, price.Output, price.CacheRead));
        Assert.Equal(7m, price.Cost(new TokenUsage(0, Output: 1_000_000), "priority"));
        Assert.Equal((300_000 * 4m + 1_000 * 7m) / 1_000_000m, price.Cost(new TokenUsage(300_000, Output: 1_000)));
    }

    [Fact]
    public void Find_OverrideOfAnUnknownModel_IsItsPrice()
    {
        var own = OpenAi() with { BaseUrl = "http://10.0.0.7:8000/v1" };
        Assert.Equal(5m, Overridden(own, "mine", new() { InputPerMillion = 2m, OutputPerMillion = 3m }).Find(own, "mine")!.UpperBound(1_000_000, 1_000_000));
        Assert.Null(Overridden(own, "mine", new() { OutputPerMillion = 3m }).Find(own, "mine")); // what the prompt costs nobody knows
    }

    [Theory] // as the vendors quote them: by image, minute, hour, million characters, search
    [InlineData(ProviderType.OpenAi, null, "whisper-1", PriceUnit.Second, 60, "0.006")]
    [InlineData(ProviderType.OpenAi, "https://api.groq.com/openai/v1", "whisper-large-v3-turbo", PriceUnit.Second, 3_600, "0.04")]
    [InlineData(ProviderType.OpenAi, null, "tts-1", PriceUnit.Character, 1_000_000, "15")]
    [InlineData(ProviderType.Gemini, null, "imagen-4.0-generate-001", PriceUnit.Image, 4, "0.16")]
    [InlineData(ProviderType.OpenAi, "https://api.cohere.com/v2", "rerank-v3.5", PriceUnit.Search, 1_000, "2")]
    public void Price_ByTheUnit_IsTheVendors(ProviderType type, string? url, string model, PriceUnit unit, int count, string usd)
    {
        var price = BuiltIn.Find(new ProviderOptions { Name = "p", Type = type, BaseUrl = url }, model)!;
        Assert.Equal(Usd(usd), Math.Round(MeteredBill.Of(price, unit, null, new TokenUsage(99, Output: 99), count, 0m).Cost, 12));
    }

    [Fact]
    public void Price_OfImageTokens_IsTheVendors() => // 1,000 of text, 2,000 of images, 4,160 made
        Assert.Equal(((1_000 * 5m) + (2_000 * 10m) + (4_160 * 40m)) / 1_000_000m, BuiltIn.Find(OpenAi(), "gpt-image-1")!.Cost(new TokenUsage(3_000, Output: 4_160, MediaInput: 2_000)));

    [Fact]
    public void Find_OverrideByTheUnitAlone_IsAPrice()
    {
        var own = OpenAi() with { BaseUrl = "http://10.0.0.7:8000/v1" };
        var price = Overridden(own, "mine", new() { PerImage = 0.5m, PerSecond = 0.1m, CharactersPerMillion = 3m, PerSearch = 0.25m }).Find(own, "mine")!;
        Assert.Equal((0m, 0m), (price.Input, price.Output));
        Assert.Equal(
            [0.5m, 0.1m, 0.000003m, 0.25m, null],
            new[] { PriceUnit.Image, PriceUnit.Second, PriceUnit.Character, PriceUnit.Search, PriceUnit.None }.Select(price.PriceOf));
    }

    [Fact]
    public void Version_ChangesWithThePricesOfTheFile_AndOnlyWithThem()
    {
        static string Of(decimal input) => Overridden(OpenAi(), "m", new() { InputPerMillion = input }).Version;
        Assert.Matches("^2026-[0-9]{2}-[0-9]{2}$", BuiltIn.Version);
        Assert.StartsWith(BuiltIn.Version + "+", Of(1m), StringComparison.Ordinal);
        Assert.Equal(Of(1m), Of(1m));
        Assert.False(string.Equals(Of(1m), Of(2m), StringComparison.Ordinal));
    }

    [Fact]
    public void KnownModels_OfAVendor_AllHaveAPrice()
    {
        var provider = new ProviderOptions { Name = "claude", Type = ProviderType.Anthropic };
        var known = Overridden(provider, "mine", new() { InputPerMillion = 1m }).KnownModels(provider);
        Assert.Superset(new HashSet<string>(["claude-opus-4-5", "mine"], StringComparer.Ordinal), known.ToHashSet(StringComparer.Ordinal));
        Assert.Empty(BuiltIn.KnownModels(OpenAi() with { BaseUrl = "http://10.0.0.7:8000/v1" }));
        Assert.All(BuiltIn.KnownModels(provider), model => Assert.NotNull(BuiltIn.Find(provider, model)));
    }

    [Fact]
    public void Load_OfTheTable_IsQuick()
    {
        BuiltInPrices.Load(); // compiles
        var started = TimeProvider.System.GetTimestamp();
        var loaded = BuiltInPrices.Load();
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds, 0, 200); // 2 to 5 on an idle machine, and this one may be busy
        Assert.NotEmpty(loaded.Vendors);
    }

    /// <summary>The bound must hold for the real rows too: their tiers are what the generated prices only imitate.</summary>
    [Fact]
    public void UpperBound_OfEveryBuiltInRow_IsNeverBelowACostWithinIt()
    {
        var rows = BuiltInPrices.Instance.Vendors
            .SelectMany(vendor => BuiltInPrices.Instance.Models(vendor).Select(model => BuiltInPrices.Instance.Find(vendor, model)!)).ToArray();
        Assert.True(rows.Length > 500);
        Gen.Select(PriceGen.Among(rows), PriceGen.Usage, PriceGen.Among(null, "flex", "batch", "priority", "fast", "region_us", "region_eu"))
            .Sample((price, usage, tier) => price.UpperBound(usage.Prompt, usage.Output) >= price.Cost(usage, tier), iter: 5_000);
    }

    private static readonly IEqualityComparer<ModelPrice?> PriceEquality = EqualityComparer<ModelPrice?>.Create(
        (one, other) => (one! with { Steps = [] }) == (other! with { Steps = [] }) && one.Steps.SequenceEqual(other.Steps));

    private static ProviderOptions OpenAi() => new() { Name = "openai", Type = ProviderType.OpenAi };

    private static ModelPrice Anthropic(string model) => BuiltIn.Find(new ProviderOptions { Name = "claude", Type = ProviderType.Anthropic }, model)!;

    private static PriceTable Overridden(ProviderOptions provider, string model, PriceOverride price) => PriceTable.Build(new InfermuxOptions
    {
        Pricing = new()
        {
            Overrides = new Dictionary<string, IReadOnlyDictionary<string, PriceOverride>>(StringComparer.Ordinal)
            {
                [provider.Name] = new Dictionary<string, PriceOverride>(StringComparer.Ordinal) { [model] = price },
            },
        },
    });

    private static decimal Usd(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
