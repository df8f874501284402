using System.Net;
using System.Text;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Providers.Tests.Fixtures;
using Xunit;
using static Infermux.Providers.Tests.Gemini.Translation;

namespace Infermux.Providers.Tests.Gemini;

public sealed class GeminiFailureTests
{
    private const string BadKey = """{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}""";

    private const string PerMinute = """{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateRequestsPerMinutePerProjectPerModel-FreeTier"}]}""";

    private const string PerDay = """{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateContentInputTokensPerModelPerMinute"},{"quotaId":"GenerateRequestsPerDayPerProjectPerModel"}]}""";

    [Theory] // protocols 9.4 and 14.2
    [InlineData(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", BadKey, FailureClass.BadCredential)]
    [InlineData(400, "INVALID_ARGUMENT", "no words about it", BadKey, FailureClass.BadCredential)]
    [InlineData(400, "INVALID_ARGUMENT", "API key expired. Please renew the API key.", "", FailureClass.BadCredential)]
    [InlineData(400, "INVALID_ARGUMENT", "Invalid value at 'contents[0].role'", "", FailureClass.CallerFault)]
    [InlineData(400, "INVALID_ARGUMENT", "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).", "", FailureClass.ContextTooLong)]
    [InlineData(400, "FAILED_PRECONDITION", "User location is not supported for the API use.", "", FailureClass.BadCredential)]
    [InlineData(401, "UNAUTHENTICATED", "no", "", FailureClass.BadCredential)]
    [InlineData(403, "PERMISSION_DENIED", "no", "", FailureClass.BadCredential)]
    [InlineData(404, "NOT_FOUND", "models/x is not found for API version v1beta", "", FailureClass.ModelMissing)]
    [InlineData(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan.", PerMinute, FailureClass.RateLimited)]
    [InlineData(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan.", PerDay, FailureClass.QuotaExhausted)]
    [InlineData(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).", "", FailureClass.RateLimited)]
    [InlineData(429, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted.", "", FailureClass.QuotaExhausted)]
    [InlineData(499, "CANCELLED", "gone", "", FailureClass.ClientGone)]
    [InlineData(500, "INTERNAL", "oops", "", FailureClass.ServerFault)]
    [InlineData(503, "UNAVAILABLE", "The model is overloaded.", "", FailureClass.Overloaded)]
    [InlineData(504, "DEADLINE_EXCEEDED", "late", "", FailureClass.ServerFault)]
    public void Failure_ByStatusAndDetails_HasItsClassAndChatsShape(int status, string word, string message, string detail, FailureClass expected)
    {
        var body = $$$"""{"error":{"code":{{{status}}},"message":{{{JsonSerializer.Serialize(message)}}},"status":"{{{word}}}","details":[{{{detail}}}]}}""";
        var failure = Failure(status, body);
        Assert.Equal((expected, status, message, word), (failure.Class, failure.Status, failure.Message, failure.Code));
        Assert.Equal(expected, Failure(status, $"[{body}]").Class);
        Assert.Equal((expected, 200), (Whole(body).Answer.Failure!.Class, Whole(body).Answer.Failure!.Status));
        Assert.Equal(expected, Stream([body]).Failure);
        using var relayed = JsonDocument.Parse(failure.RelayBody);
        Assert.Equal(message, relayed.RootElement.GetProperty("error").GetProperty("message").GetString());
        if (expected == FailureClass.ContextTooLong)
        {
            Assert.Equal("context_length_exceeded", relayed.RootElement.GetProperty("error").GetProperty("code").GetString());
        }
    }

    [Theory]
    [InlineData(503, "<html>", FailureClass.Overloaded)]
    [InlineData(502, "Bad gateway", FailureClass.ServerFault)]
    [InlineData(429, "", FailureClass.RateLimited)]
    [InlineData(404, "{}", FailureClass.ModelMissing)]
    [InlineData(413, "too large", FailureClass.CallerFault)]
    [InlineData(402, "", FailureClass.QuotaExhausted)]
    [InlineData(401, "", FailureClass.BadCredential)]
    [InlineData(520, "", FailureClass.Overloaded)]
    public void Failure_WithoutAKnownWord_IsClassedByItsStatus(int status, string body, FailureClass expected) => Assert.Equal(expected, Failure(status, body).Class);

    [Fact]
    public void QuotaOfTheDay_FarBehindOtherDetails_IsFound()
    {
        var many = string.Join(',', Enumerable.Range(0, 50).Select(static n => $$"""{"quotaId":"SomethingPerMinute{{n}}","quotaMetric":"generativelanguage.googleapis.com/x"}"""));
        var body = $$$"""{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{{{many}}},{"quotaId":"XPerDayY"}]}]}}""";
        Assert.Equal(FailureClass.QuotaExhausted, Failure(429, body).Class);
    }

    [Theory]
    [InlineData("""{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.4s"}]}}""", 34.4)]
    [InlineData("""{"error":{"code":429,"message":"Please retry in 48.9s.","status":"RESOURCE_EXHAUSTED"}}""", 48.9)]
    [InlineData("""{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}}""", null)]
    public void Wait_IsReadFromRetryInfoElseFromTheWords(string body, double? seconds) =>
        Assert.Equal(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null, Failure(429, body).RetryAfter);

    [Fact]
    public void Failure_NeverShowsAKey() => Assert.DoesNotContain(
        "AIzaSecret12345", Failure(400, """{"error":{"code":400,"message":"API key AIzaSecret12345 not valid","status":"INVALID_ARGUMENT"}}""").Message, StringComparison.Ordinal);

    [Fact]
    public void Recording_BadKey_IsOurFaultThough400()
    {
        var recorded = Recorded.Read("gemini/400-bad-key.http.json");
        Assert.Equal((FailureClass.BadCredential, 400), (Failure(recorded[0].Status, Encoding.UTF8.GetString(recorded[0].Body)).Class, recorded[0].Status));
    }

    [Fact]
    public void Recording_RetryInfo_IsALimitWithItsWait()
    {
        var body = Recorded.ReadText("gemini/429-retry-info.json");
        var failure = Failure(429, body!);
        Assert.Equal((FailureClass.RateLimited, TimeSpan.FromSeconds(34.4)), (failure.Class, failure.RetryAfter!.Value));
    }

    private static ProviderFailure Failure(int status, string body)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        return Dialect.ReadFailure(status, response.Headers, Encoding.UTF8.GetBytes(body));
    }
}
