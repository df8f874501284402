using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Xunit;
using static Infermux.Providers.Tests.Gemini.Translation;

namespace Infermux.Providers.Tests.Gemini;

public sealed class GeminiEmbeddingTests
{
    private const string Model = "gemini-embedding-001";

    [Theory]
    [InlineData("\"input\":\"a\"", "embedContent", """{"content":{"parts":[{"text":"a"}]}}""")]
    [InlineData("\"input\":\"a\",\"dimensions\":8", "embedContent", """{"content":{"parts":[{"text":"a"}]},"embedContentConfig":{"outputDimensionality":8}}""")]
    [InlineData("\"input\":[\"a\",\"ü\"]", "batchEmbedContents", """{"requests":[{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"a"}]}},{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"ü"}]}}]}""")]
    [InlineData("\"input\":[\"a\"]", "batchEmbedContents", """{"requests":[{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"a"}]}}]}""")]
    public void Request_GoesToTheMethodForOneOrForSeveral(string members, string method, string expected)
    {
        using var request = Dialect.CreateRequest(Asked(members), Target(Model));
        Assert.Equal($"https://generativelanguage.googleapis.com/v1beta/models/{Model}:{method}", request.RequestUri!.AbsoluteUri);
        Assert.Equal(expected, BodyOf(request).GetRawText());
    }

    [Theory]
    [InlineData("\"input\":[1,2]", "input")]
    [InlineData("\"input\":[[1]]", "input")]
    [InlineData("\"input\":[]", "input")]
    [InlineData("\"input\":\"a\",\"dimensions\":0", "dimensions")]
    [InlineData("\"input\":\"a\",\"encoding_format\":\"hex\"", "encoding_format")]
    [InlineData("\"input\":\"a\",\"stream\":true", "stream")]
    public void Request_ThatCannotBeSaid_IsRefusedWithTheFieldNamed(string members, string param) =>
        Assert.Equal(param, Assert.Throws<RequestRefusedException>(() => Dialect.CreateRequest(Asked(members), Target(Model))).Param);

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void Inputs_BeyondWhatGeminiTakes_AreRefused(int count, bool taken)
    {
        var asked = Asked($"\"input\":[{string.Join(',', Enumerable.Repeat("\"a\"", count))}]");
        var refused = Record.Exception(() => Dialect.CreateRequest(asked, Target(Model)).Dispose()) as RequestRefusedException;
        Assert.Equal(taken ? null : "input", refused?.Param);
    }

    [Fact]
    public void Fields_ThatAreLeftOut_AreNamed() => Assert.Equal(["user"], Dialect.DroppedFields(Asked("\"input\":\"a\",\"user\":\"u\",\"encoding_format\":\"base64\""), Target(Model)));

    [Fact]
    public void Vectors_AreNumbersUnlessBase64IsAskedFor()
    {
        const string body = """{"embeddings":[{"values":[0.5,-0.25]},{"values":[1,2]}],"usageMetadata":{"promptTokenCount":7}}""";
        var (answer, json) = Read(body, "\"input\":[\"a\",\"b\"]");
        Assert.Equal(new TokenUsage(7), answer.Usage);
        Assert.Equal("""{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-0.25]},{"object":"embedding","index":1,"embedding":[1,2]}],"model":"mine","usage":{"prompt_tokens":7,"total_tokens":7}}""", json.GetRawText());
        var packed = Read(body, "\"input\":[\"a\",\"b\"],\"encoding_format\":\"base64\"").Json.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();
        Assert.Equal([0.5f, -0.25f], MemoryMarshal.Cast<byte, float>(packed).ToArray());
    }

    [Fact]
    public void Vectors_AskedForShorter_HaveLengthOne()
    {
        var vector = Read("""{"embedding":{"values":[3,4]}}""", "\"input\":\"a\",\"dimensions\":2").Json.GetProperty("data")[0].GetProperty("embedding").EnumerateArray().Select(static v => v.GetSingle());
        Assert.Equal([0.6f, 0.8f], vector);
        Assert.Equal([3f, 4f], Read("""{"embedding":{"values":[3,4]}}""", "\"input\":\"a\"").Json.GetProperty("data")[0].GetProperty("embedding").EnumerateArray().Select(static v => v.GetSingle()));
    }

    [Fact]
    public void Usage_ThatGeminiDidNotCount_IsNotToldAsCounted()
    {
        var (answer, json) = Read("""{"embedding":{"values":[1]}}""", "\"input\":\"eight chars and more\"");
        Assert.Null(answer.Usage);
        Assert.Equal(5, json.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    [Theory]
    [InlineData("""{"embeddings":[{"values":[1]}]}""", FailureClass.ServerFault)] // two were asked for
    [InlineData("""{"embeddings":[{"values":[1]},{"values":[]}]}""", FailureClass.ServerFault)]
    [InlineData("""{"embeddings":[{"values":[1]},{"values":["x"]}]}""", FailureClass.ServerFault)]
    [InlineData("""{"embeddings":[{"values":[1]},{"values":[1e99]}]}""", FailureClass.ServerFault)]
    [InlineData("<html>", FailureClass.ServerFault)]
    [InlineData("""{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}}""", FailureClass.RateLimited)]
    public void Answer_ThatIsNone_IsAFailure(string body, FailureClass expected) => Assert.Equal(expected, Read(body, "\"input\":[\"a\",\"b\"]").Answer.Failure?.Class);

    [Fact]
    public void Operations_ThatGeminiHas_AreChatAndEmbeddings() =>
        Assert.Equal([Operation.ChatCompletions, Operation.Embeddings], Enum.GetValues<Operation>().Where(Dialect.Serves));

    private static InferenceRequest Asked(string members) => Inbound($$"""{"model":"mine",{{members}}}""", Operation.Embeddings);

    private static (WholeAnswer Answer, JsonElement Json) Read(string body, string members)
    {
        var output = new ArrayBufferWriter<byte>();
        var answer = Dialect.ReadWhole(Asked(members), Target(Model), Encoding.UTF8.GetBytes(body), output);
        return (answer, answer.Failure is null ? JsonDocument.Parse(output.WrittenMemory).RootElement : default);
    }
}
