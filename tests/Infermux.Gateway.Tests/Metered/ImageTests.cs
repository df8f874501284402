using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Core.Pricing;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Metered;

public sealed class ImageTests
{
    private const string Model = "gpt-image-1";
    private static readonly PriceOverride ByToken = new() { InputPerMillion = 5m, OutputPerMillion = 40m, MediaInputPerMillion = 10m };

    [Fact]
    public async Task Generation_Whole_IsChargedByTheTokensItTells()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = new Behaviour { Answer = new AnswerScript { PromptTokens = 20, CompletionTokens = 1_056 } };
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced(Model, ByToken));

        var answer = await gateway.PostAsync("/v1/images/generations", """{"model":"gpt-image-1","prompt":"a fox","n":2,"style":{"unknown":true}}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal(["aW1hZ2UgMA==", "aW1hZ2UgMQ=="], answer.Json["data"]!.AsArray().Select(image => image!["b64_json"]!.GetValue<string>()));
        Assert.Equal("0.08458", answer.Header("X-Infermux-Cost")); // (20 × 5 + 2 × 1,056 × 40) ÷ 10⁶
        Assert.Equal(("20", "2112"), (answer.Header("X-Infermux-Prompt-Tokens"), answer.Header("X-Infermux-Completion-Tokens")));
        Assert.Equal("""{"model":"gpt-image-1","prompt":"a fox","n":2,"style":{"unknown":true}}""", provider.Requests[0].Body);
    }

    [Fact]
    public async Task Generation_PricedByTheImage_IsChargedByWhatCame()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = new Behaviour { Usage = UsageReport.Absent };
        await using var gateway = await TestGateway.StartAsync(
            Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced("imagen-x", new PriceOverride { PerImage = 0.04m }));

        var answer = await gateway.PostAsync("/v1/images/generations", """{"model":"imagen-x","prompt":"a fox","n":3}""");

        Assert.Equal("0.12", answer.Header("X-Infermux-Cost"));
    }

    [Fact]
    public async Task Generation_ThatTellsNoTokens_IsEstimatedByItsQuality()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = new Behaviour { Usage = UsageReport.Absent };
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced(Model, ByToken));

        var answer = await gateway.PostAsync("/v1/images/generations", """{"model":"gpt-image-1","prompt":"12345678","quality":"low"}""");

        Assert.Equal("0.01089", answer.Header("X-Infermux-Cost")); // (2 × 5 + 272 × 40) ÷ 10⁶
    }

    [Fact]
    public async Task Generation_Streamed_PassesEventsAsTheyAreAndSettlesInTheTrailers()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = new Behaviour { Answer = new AnswerScript { PromptTokens = 20, CompletionTokens = 100 }, Wire = new WireShape { SplitEvery = 5 } };
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced(Model, ByToken));

        var answer = await gateway.PostAsync("/v1/images/generations", """{"model":"gpt-image-1","prompt":"a fox","stream":true,"partial_images":2}""");

        var events = answer.Body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            ["image_generation.partial_image", "image_generation.partial_image", "image_generation.completed"],
            events.Select(e => e.Split('\n')[0]["event: ".Length..]));
        Assert.Equal(100, JsonNode.Parse(events[2].Split('\n')[1]["data: ".Length..])!["usage"]!["output_tokens"]!.GetValue<int>());
        Assert.Equal(("0.0041", null), (answer.Trailers["X-Infermux-Cost"], answer.Trailers.GetValueOrDefault("X-Infermux-Error"))); // (20 × 5 + 100 × 40) ÷ 10⁶
    }

    [Theory]
    [InlineData(Fault.ErrorEvent)]
    [InlineData(Fault.CutWithoutEnd)]
    public async Task Stream_ThatBreaksBeforeAnImage_FailsOver(Fault fault)
    {
        await using var primary = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        primary.Behaviour = Behaviour.Breaks(fault);
        await using var gateway = await TestGateway.StartAsync(
            Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(primary, "primary"), Setup.OpenAi(second, "second")));

        var answer = await gateway.PostAsync("/v1/images/generations", """{"model":"gpt-image-1","prompt":"a fox","stream":true}""");

        Assert.Equal((200, "second"), (answer.Status, answer.Header("X-Infermux-Provider")));
    }

    [Fact]
    public async Task Stream_ThatBreaksAfterAPartialImage_EndsWithAnErrorEvent()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = Behaviour.Breaks(Fault.CutWithoutEnd, afterEvents: 1);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced(Model, ByToken));

        var answer = await gateway.PostAsync("/v1/images/generations", """{"model":"gpt-image-1","prompt":"a fox","stream":true,"partial_images":2}""");

        Assert.Contains("partial_image", answer.Body, StringComparison.Ordinal);
        Assert.Equal("upstream_error", JsonNode.Parse(answer.Events[^1])!["error"]!["code"]!.GetValue<string>());
        Assert.Equal("0.16641", answer.Trailers["X-Infermux-Cost"]); // estimated: (2 × 5 + 4,160 × 40) ÷ 10⁶
    }

    [Theory]
    [InlineData("/v1/images/edits")]
    [InlineData("/v1/images/variations")]
    public async Task Form_ReachesTheProviderByteForByteAndItsImagesAreChargedAsImages(string path)
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = new Behaviour { Answer = new AnswerScript { PromptTokens = 150, CompletionTokens = 1_000 } };
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced(Model, ByToken));
        var form = MeteredSetup.Form("x-y", MeteredSetup.File(5_000), "image[]", ("prompt", "a hat"), ("model", Model));

        var answer = await gateway.PostFormAsync(path, "x-y", form);

        Assert.Equal((200, "0.04125"), (answer.Status, answer.Header("X-Infermux-Cost"))); // (50 × 5 + 100 × 10 + 1,000 × 40) ÷ 10⁶
        Assert.Equal(form, provider.Requests[0].Bytes);
    }

    [Fact]
    public async Task Edit_AsJson_GoesThroughToo()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")));
        var answer = await gateway.PostAsync("/v1/images/edits", """{"model":"gpt-image-1","prompt":"a hat","images":[{"image_url":"data:image/png;base64,AAAA"}]}""");
        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task Gemini_MakesImagesAtItsCompatibleEndpoint()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var gemini = Setup.Gemini(provider, "google", ("painter", "imagen-4.0-generate-001"));
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, gemini));

        var answer = await gateway.PostAsync("/v1/images/generations", """{"model":"painter","prompt":"a fox"}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal(("/v1beta/openai/images/generations", "imagen-4.0-generate-001"), (provider.Requests[0].Path, provider.Requests[0].Model));
        Assert.Equal("Bearer sk-google-key-of-ours", provider.Requests[0].Headers["Authorization"]);
    }

    [Fact]
    public async Task Azure_IsReachedInBothForms()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var v1 = Setup.OpenAi(provider, "azure") with { Type = ProviderType.AzureOpenAi, BaseUrl = provider.BaseUrl };
        foreach (var (azure, path) in new[]
        {
            (v1, "/openai/v1/images/generations"),
            (v1 with { AzureDeployment = "painter" }, "/openai/deployments/painter/images/generations?api-version=2024-10-21"),
        })
        {
            await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, azure));
            var answer = await gateway.PostAsync("/openai/deployments/gpt-image-1/images/generations?api-version=2025-04-01-preview", """{"prompt":"a fox"}""");
            Assert.Equal((200, path), (answer.Status, provider.Requests[^1].Path));
        }
    }
}
