using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Messages;

/// <summary>The official Anthropic SDK, unchanged, with nothing but its base URL set, in front of a provider of its own dialect and of another.</summary>
public sealed class AnthropicSdkTests(SharedGateway shared) : IClassFixture<SharedGateway>, IAsyncLifetime
{
    private ScriptedProvider _provider = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _provider = (await shared.ProvidersAsync(new ScriptedProviderOptions { Name = "primary" }))[0];

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<TestGateway> GatewayAsync(ProviderType type) => shared.GatewayAsync(
        _ => Setup.Of(
            RoutingStrategy.Priority,
            type == ProviderType.OpenAi ? Setup.OpenAi(_provider, "primary") with { Models = ["m"] } : Setup.Anthropic(_provider, "primary") with { Type = type, Models = ["m"] }),
        type.ToString());

    private static AnthropicClient Client(TestGateway gateway) => new() { ApiKey = "any-key", BaseUrl = gateway.Address.ToString().TrimEnd('/'), MaxRetries = 0 };

    private static MessageCreateParams Hello => new() { Model = "m", MaxTokens = 500, Messages = [new UserMessageParam("hello")] };

    [Theory]
    [InlineData(ProviderType.Anthropic)]
    [InlineData(ProviderType.OpenAi)]
    [InlineData(ProviderType.AzureOpenAi)]
    [InlineData(ProviderType.Ollama)]
    public async Task Message_Whole_AnswersWithTheCallersModelAndUsage(ProviderType type)
    {
        _provider.Behaviour = Behaviour.Says("Good morning to you");
        var gateway = await GatewayAsync(type);

        var message = await Client(gateway).Messages.Create(Hello, Cancel);

        Assert.True(message.Content[0].TryPickText(out var text));
        Assert.Equal("Good morning to you", text.Text);
        Assert.Equal(_provider.Truth.Billed.Output, message.Usage.OutputTokens);
    }

    [Theory]
    [InlineData(ProviderType.Anthropic)]
    [InlineData(ProviderType.OpenAi)]
    [InlineData(ProviderType.AzureOpenAi)]
    [InlineData(ProviderType.Ollama)]
    public async Task Message_Streamed_DeliversEveryPiece(ProviderType type)
    {
        _provider.Behaviour = Behaviour.Says("one two three four");
        var gateway = await GatewayAsync(type);
        var said = "";
        long? output = null;

        await foreach (var e in Client(gateway).Messages.CreateStreaming(Hello, Cancel))
        {
            if (e.TryPickContentBlockDelta(out var piece) && piece.Delta.TryPickText(out var text))
            {
                said += text.Text;
            }
            else if (e.TryPickDelta(out var ending))
            {
                output = ending.Usage.OutputTokens;
            }
        }

        Assert.Equal("one two three four", said);
        Assert.Equal(_provider.Truth.Billed.Output, output);
    }

    [Theory]
    [InlineData(ProviderType.Anthropic)]
    [InlineData(ProviderType.OpenAi)]
    public async Task Count_IsANumber(ProviderType type)
    {
        var gateway = await GatewayAsync(type);
        var count = await Client(gateway).Messages.CountTokens(new() { Model = "m", Messages = [new UserMessageParam("hello")] }, Cancel);
        Assert.True(count.InputTokens > 0);
    }

    [Fact]
    public async Task Errors_ArriveAsTheSdksOwnClasses()
    {
        var gateway = await GatewayAsync(ProviderType.Anthropic);
        await Assert.ThrowsAsync<AnthropicNotFoundException>(() => Client(gateway).Messages.Create(Hello with { Model = "nobody-serves-this" }, Cancel));
        _provider.Behaviour = Behaviour.Fails(400, message: "no such temperature");
        var thrown = await Assert.ThrowsAsync<AnthropicBadRequestException>(() => Client(gateway).Messages.Create(Hello, Cancel));
        Assert.Contains("no such temperature", thrown.Message, StringComparison.Ordinal);
    }
}
