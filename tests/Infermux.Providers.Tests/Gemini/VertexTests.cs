using System.Buffers;
using System.Text;
using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Core.Routing;
using Xunit;
using static Infermux.Providers.Tests.Gemini.Translation;

namespace Infermux.Providers.Tests.Gemini;

/// <summary>The Gemini dialect at Vertex AI's addresses.</summary>
public sealed class VertexTests
{
    private const string Predicted = "gemini-embedding-001";

    [Theory]
    [InlineData("p", null, "gemini-2.5-flash", "https://aiplatform.googleapis.com/v1beta1/projects/p/locations/global/publishers/google/models/gemini-2.5-flash")]
    [InlineData("p", "europe-west4", "gemini-2.5-flash", "https://europe-west4-aiplatform.googleapis.com/v1beta1/projects/p/locations/europe-west4/publishers/google/models/gemini-2.5-flash")]
    [InlineData("p", "eu", "models/gemini-2.5-flash", "https://aiplatform.eu.rep.googleapis.com/v1beta1/projects/p/locations/eu/publishers/google/models/gemini-2.5-flash")]
    [InlineData("example.com:p", "us", "google/gemini@001", "https://aiplatform.us.rep.googleapis.com/v1beta1/projects/example.com%3Ap/locations/us/publishers/google/models/gemini@001")]
    [InlineData("p", "us-central1", "endpoints/123", "https://us-central1-aiplatform.googleapis.com/v1beta1/projects/p/locations/us-central1/endpoints/123")]
    [InlineData("p", "us-central1", "publishers/meta/models/m", "https://us-central1-aiplatform.googleapis.com/v1beta1/projects/p/locations/us-central1/publishers/meta/models/m")]
    public void Address_NamesTheProjectTheLocationAndThePublisher(string project, string? location, string model, string expected)
    {
        var provider = new ProviderOptions { Name = "v", Type = ProviderType.Gemini, VertexProject = project, VertexLocation = location };
        foreach (var (members, method) in new[] { (Hi, "generateContent"), (Hi + ",\"stream\":true", "streamGenerateContent?alt=sse") })
        {
            using var request = Dialect.CreateRequest(Inbound($$"""{"model":"mine",{{members}}}"""), new AttemptTarget { Provider = provider, Model = model });
            Assert.Equal($"{expected}:{method}", request.RequestUri!.AbsoluteUri);
            Assert.False(request.Headers.Contains("x-goog-api-key"));
        }
    }

    [Theory]
    [InlineData("https://proxy.example/vertex/", "https://proxy.example/vertex/v1beta1/projects/p/locations/global/publishers/google/models/m:generateContent")]
    [InlineData("https://us-central1-aiplatform.googleapis.com/v1", "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google/models/m:generateContent")]
    public void BaseUrl_ReplacesTheHostAndMayNameAVersion(string url, string expected)
    {
        using var request = Dialect.CreateRequest(Inbound($$"""{"model":"mine",{{Hi}}}"""), At("m", baseUrl: url));
        Assert.Equal(expected, request.RequestUri!.AbsoluteUri);
    }

    [Fact]
    public void ExpressMode_HasNeitherProjectNorLocationAndSendsItsKey()
    {
        var provider = new ProviderOptions { Name = "v", Type = ProviderType.Gemini, BaseUrl = "https://aiplatform.googleapis.com", ApiKey = "AIza-k" };
        using var request = Dialect.CreateRequest(
            Inbound($$"""{"model":"mine",{{Hi}}}"""), new AttemptTarget { Provider = provider, Model = Flash25, Credential = provider.ApiKey });
        Assert.Equal("https://aiplatform.googleapis.com/v1beta1/publishers/google/models/gemini-2.5-flash:generateContent", request.RequestUri!.AbsoluteUri);
        Assert.Equal("AIza-k", Assert.Single(request.Headers.GetValues("x-goog-api-key")));
        var refused = Assert.Throws<RequestRefusedException>(() => Dialect.CreateRequest(
            Asked("\"input\":\"a\""), new AttemptTarget { Provider = provider, Model = Predicted, Credential = provider.ApiKey }));
        Assert.Contains("express mode has no embeddings", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("a//b")]
    public void Model_ThatWouldLeaveItsCollection_IsRefused(string model) =>
        Assert.Equal("model", Assert.Throws<RequestRefusedException>(() => Dialect.CreateRequest(Inbound($$"""{"model":"mine",{{Hi}}}"""), At(model))).Param);

    [Fact]
    public void Body_IsTheSameAsOnTheGeminiApi()
    {
        const string members = Hi + ",\"temperature\":0.5,\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]";
        Assert.Equal(Sent(members, Target()).GetRawText(), Sent(members, At(Flash25)).GetRawText());
    }

    [Fact]
    public void CallersToken_NeverGoesToVertex()
    {
        Assert.Equal(CredentialNeed.Own, ProviderEndpoint.Credential(At("m").Provider));
        Assert.Equal(CredentialNeed.Caller, ProviderEndpoint.Credential(new ProviderOptions { Name = "g", Type = ProviderType.Gemini }));
        Assert.Equal(CredentialNeed.Own, ProviderEndpoint.Credential(
            new ProviderOptions { Name = "a", Type = ProviderType.AzureOpenAi, BaseUrl = "https://r.openai.azure.com", AzureAuth = AzureAuth.Entra }));
    }

    [Theory]
    [InlineData(Predicted, "\"input\":\"a\"", "predict", """{"instances":[{"content":"a"}]}""")]
    [InlineData("text-embedding-005", "\"input\":[\"a\",\"ü\"],\"dimensions\":8", "predict", """{"instances":[{"content":"a"},{"content":"ü"}],"parameters":{"outputDimensionality":8}}""")]
    [InlineData("gemini-embedding-2", "\"input\":[\"a\"],\"dimensions\":8", "embedContent", """{"content":{"parts":[{"text":"a"}]},"embedContentConfig":{"outputDimensionality":8}}""")]
    [InlineData("intfloat/multilingual-e5-large-instruct-maas", "\"input\":\"a\"", "embedContent", """{"content":{"parts":[{"text":"a"}]}}""")]
    public void Embeddings_GoByTheCallThatTheModelHas(string model, string members, string method, string expected)
    {
        using var request = Dialect.CreateRequest(Asked(members), At(model));
        Assert.EndsWith($"/models/{model[(model.LastIndexOf('/') + 1)..]}:{method}", request.RequestUri!.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal(expected, BodyOf(request).GetRawText());
    }

    [Theory]
    [InlineData("gemini-embedding-2", 1, true)]
    [InlineData("gemini-embedding-2", 2, false)]
    [InlineData("text-embedding-005", 250, true)]
    [InlineData("text-embedding-005", 251, false)]
    public void Inputs_BeyondWhatTheCallTakes_AreRefused(string model, int count, bool taken)
    {
        var asked = Asked($"\"input\":[{string.Join(',', Enumerable.Repeat("\"a\"", count))}]");
        var refused = Record.Exception(() => Dialect.CreateRequest(asked, At(model)).Dispose()) as RequestRefusedException;
        Assert.Equal(taken ? null : "input", refused?.Param);
    }

    [Fact]
    public void Predictions_AreReadWithWhatEachCounted()
    {
        const string body = """{"predictions":[{"embeddings":{"statistics":{"truncated":false,"token_count":3},"values":[0.5,-0.25]}},{"embeddings":{"statistics":{"token_count":4.0},"values":[1,2]}}],"metadata":{"billableCharacterCount":2}}""";
        var (answer, json) = Read(body, "\"input\":[\"a\",\"b\"]");
        Assert.Equal(new TokenUsage(7), answer.Usage);
        Assert.Equal("""{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-0.25]},{"object":"embedding","index":1,"embedding":[1,2]}],"model":"mine","usage":{"prompt_tokens":7,"total_tokens":7}}""", json.GetRawText());
    }

    [Fact]
    public void Predictions_OfWhichOneWasNotCounted_AreNotToldAsCounted()
    {
        var (answer, _) = Read("""{"predictions":[{"embeddings":{"statistics":{"token_count":3},"values":[1]}},{"embeddings":{"values":[1]}}]}""", "\"input\":[\"a\",\"b\"]");
        Assert.Equal((null, null), (answer.Failure, answer.Usage));
    }

    [Theory]
    [InlineData("""{"predictions":[{"embeddings":{"values":[1]}}]}""", FailureClass.ServerFault)] // two were asked for
    [InlineData("""{"predictions":[{},{"embeddings":{"values":[1]}}]}""", FailureClass.ServerFault)]
    [InlineData("""{"predictions":[7,8]}""", FailureClass.ServerFault)]
    [InlineData("""{"embeddings":[{"values":[1]},{"values":[1]}]}""", FailureClass.ServerFault)]
    [InlineData("""{"error":{"code":403,"message":"Permission 'aiplatform.endpoints.predict' denied","status":"PERMISSION_DENIED"}}""", FailureClass.BadCredential)]
    public void Prediction_ThatIsNone_IsAFailure(string body, FailureClass expected) => Assert.Equal(expected, Read(body, "\"input\":[\"a\",\"b\"]").Answer.Failure?.Class);

    private static AttemptTarget At(string model, string? baseUrl = null) => new()
    {
        Provider = new ProviderOptions { Name = "google", Type = ProviderType.Gemini, VertexProject = "p", BaseUrl = baseUrl },
        Model = model,
    };

    private static InferenceRequest Asked(string members) => Inbound($$"""{"model":"mine",{{members}}}""", Operation.Embeddings);

    private static (WholeAnswer Answer, JsonElement Json) Read(string body, string members)
    {
        var output = new ArrayBufferWriter<byte>();
        var answer = Dialect.ReadWhole(Asked(members), At(Predicted), Encoding.UTF8.GetBytes(body), output);
        return (answer, answer.Failure is null ? JsonDocument.Parse(output.WrittenMemory).RootElement : default);
    }
}
