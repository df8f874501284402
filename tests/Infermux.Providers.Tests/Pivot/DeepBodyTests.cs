using System.Buffers;
using System.Text;
using System.Text.Json;
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

    [Theory]
    [InlineData(ProviderType.Anthropic, """{"id":"i","type":"message","role":"assistant","model":"m","content":[{"type":"tool_use","id":"t","name":"f","input":ARGS}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":1}}""")]
    [InlineData(ProviderType.Gemini, """{"candidates":[{"index":0,"content":{"role":"model","parts":[{"functionCall":{"name":"f","args":ARGS}}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1,"totalTokenCount":2}}""")]
    [InlineData(ProviderType.Bedrock, """{"output":{"message":{"role":"assistant","content":[{"toolUse":{"toolUseId":"t","name":"f","input":ARGS}}]}},"stopReason":"tool_use","usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}}""")]
    public void ToolCall_OfDeepArguments_IsReadWhole(ProviderType type, string answer)
    {
        var (dialect, request, target) = Asked(type, Operation.ChatCompletions, """{"model":"m","messages":[{"role":"user","content":"x"}]}""");
        var output = new ArrayBufferWriter<byte>();

        var read = dialect.ReadWhole(request, target, Encoding.UTF8.GetBytes(answer.Replace("ARGS", Schema(Limit), StringComparison.Ordinal)), output);

        Assert.Null(read.Failure);
        using var chat = JsonDocument.Parse(output.WrittenMemory);
        var call = chat.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function");
        Assert.Equal(Schema(Limit), call.GetProperty("arguments").GetString());
    }

    private static void Say(ProviderType type, Operation operation, string json)
    {
        var (dialect, request, target) = Asked(type, operation, json);

        using var message = dialect.CreateRequest(request, target);

        Assert.NotNull(message.Content);
        Assert.Empty(dialect.DroppedFields(request, target));
    }

    private static (IDialect Dialect, InferenceRequest Request, AttemptTarget Target) Asked(ProviderType type, Operation operation, string json)
    {
        var provider = new ProviderOptions { Name = "p", Type = type, AwsRegion = type == ProviderType.Bedrock ? "us-east-1" : null };
        var body = Encoding.UTF8.GetBytes(json);
        var request = new InferenceRequest(operation, body, RequestScanner.Scan(operation, body, Limit));
        return (Dialects.For(operation, provider), request, new AttemptTarget { Provider = provider, Model = "m", Credential = "k" });
    }

    private static string Schema(int levels) => string.Concat(Enumerable.Repeat("""{"a":""", levels - 1)) + "{}" + new string('}', levels - 1);
}
