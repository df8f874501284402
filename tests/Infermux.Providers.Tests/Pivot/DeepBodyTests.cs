using System.Text;
using Infermux.Core.Configuration;
using Infermux.Providers.OpenAi;
using Xunit;

namespace Infermux.Providers.Tests.Pivot;

/// <summary>What <c>limits.max_json_depth</c> lets in can be said to every provider: chat wraps levels of its own around it.</summary>
public sealed class DeepBodyTests
{
    private const int Limit = 200; // an operator's; the default is 64, which is also where readers stop by themselves

    public static TheoryData<ProviderType> Types => [ProviderType.OpenAi, ProviderType.Anthropic, ProviderType.Gemini, ProviderType.Bedrock];

    [Theory]
    [MemberData(nameof(Types))]
    public void Chat_AsDeepAsTheLimit_IsSaid(ProviderType type) => Say(
        type, Operation.ChatCompletions, $$$$"""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f","parameters":{{{{Schema(Limit - 4)}}}}}}]}""");

    [Theory]
    [MemberData(nameof(Types))]
    public void Message_AsDeepAsTheLimit_IsSaid(ProviderType type) => Say(
        type, Operation.Messages, $$$$"""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"}],"tools":[{"name":"f","input_schema":{{{{Schema(Limit - 3)}}}}}]}""");

    [Theory]
    [MemberData(nameof(Types))]
    public void Response_AsDeepAsTheLimit_IsSaid(ProviderType type) => Say(
        type, Operation.Responses, $$$$"""{"model":"m","input":"x","tools":[{"type":"function","name":"f","parameters":{{{{Schema(Limit - 3)}}}}}]}""");

    private static void Say(ProviderType type, Operation operation, string json)
    {
        var provider = new ProviderOptions { Name = "p", Type = type, AwsRegion = type == ProviderType.Bedrock ? "us-east-1" : null };
        var target = new AttemptTarget { Provider = provider, Model = "m", Credential = "k" };
        var body = Encoding.UTF8.GetBytes(json);
        var request = new InferenceRequest(operation, body, RequestScanner.Scan(operation, body, Limit));
        var dialect = Dialects.For(operation, provider);

        using var message = dialect.CreateRequest(request, target);

        Assert.NotNull(message.Content);
        Assert.Empty(dialect.DroppedFields(request, target));
    }

    private static string Schema(int levels) => string.Concat(Enumerable.Repeat("""{"a":""", levels - 1)) + "{}" + new string('}', levels - 1);
}
