using System.Text;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Providers.Failures;
using Infermux.Providers.Tests.Fixtures;
using Xunit;

namespace Infermux.Providers.Tests.Failures;

public sealed class FailureReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    // OpenAI
    [InlineData(400, """{"error":{"message":"This model's maximum context length is 8 tokens","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""", FailureClass.ContextTooLong)]
    [InlineData(400, """{"error":{"message":"Unsupported parameter","type":"invalid_request_error","param":"x","code":"unsupported_parameter"}}""", FailureClass.CallerFault)]
    [InlineData(400, """{"error":{"message":"no","type":"invalid_request_error","code":"content_policy_violation"}}""", FailureClass.ContentFiltered)]
    [InlineData(400, """{"error":{"message":"max_tokens is too large: 99999. This model supports at most 16384 completion tokens","type":"invalid_request_error","code":"invalid_value"}}""", FailureClass.CallerFault)]
    [InlineData(401, """{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","code":"invalid_api_key"}}""", FailureClass.BadCredential)]
    [InlineData(403, """{"error":{"message":"Country not supported","type":"request_forbidden","code":"unsupported_country_region_territory"}}""", FailureClass.BadCredential)]
    [InlineData(403, """{"error":{"message":"Project does not have access to model m","type":"invalid_request_error","code":"model_not_found"}}""", FailureClass.ModelMissing)]
    [InlineData(404, """{"error":{"message":"The model does not exist","type":"invalid_request_error","code":"model_not_found"}}""", FailureClass.ModelMissing)]
    [InlineData(408, "", FailureClass.ServerFault)]
    [InlineData(409, "", FailureClass.ServerFault)]
    [InlineData(413, """{"error":{"message":"too large","type":"invalid_request_error","code":null}}""", FailureClass.CallerFault)]
    [InlineData(422, """{"detail":[{"loc":["body","x"],"msg":"Extra inputs are not permitted","type":"extra_forbidden"}]}""", FailureClass.CallerFault)]
    [InlineData(429, """{"error":{"message":"Rate limit reached","type":"tokens","code":"rate_limit_exceeded"}}""", FailureClass.RateLimited)]
    [InlineData(429, """{"error":{"message":"slow","type":"rate_limit_error","code":"slow_down"}}""", FailureClass.Overloaded)]
    [InlineData(429, """{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}""", FailureClass.QuotaExhausted)]
    [InlineData(429, """{"error":{"message":"empty","type":"insufficient_quota","code":"credit_balance_exhausted"}}""", FailureClass.QuotaExhausted)]
    [InlineData(500, """{"error":{"message":"oops","type":"server_error","code":null}}""", FailureClass.ServerFault)]
    [InlineData(502, "<html><head><title>502 Bad Gateway</title></head></html>", FailureClass.ServerFault)]
    [InlineData(503, """{"error":{"message":"busy","type":"service_unavailable_error","code":"server_is_overloaded"}}""", FailureClass.Overloaded)]
    [InlineData(504, "", FailureClass.ServerFault)]
    [InlineData(302, "", FailureClass.ServerFault)]
    // Azure
    [InlineData(400, """{"error":{"message":"filtered","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}""", FailureClass.ContentFiltered)]
    [InlineData(400, """{"error":{"message":"filtered","code":null,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}""", FailureClass.ContentFiltered)]
    [InlineData(401, """{"error":{"code":"401","message":"Access denied due to invalid subscription key"}}""", FailureClass.BadCredential)]
    [InlineData(401, """{"statusCode":401,"message":"Unauthorized"}""", FailureClass.BadCredential)]
    [InlineData(404, """{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}""", FailureClass.ModelMissing)]
    [InlineData(429, """{"error":{"code":"RateLimitReached","message":"exceeded rate limit"}}""", FailureClass.RateLimited)]
    [InlineData(429, """{"error":{"code":"429","message":"The system is currently experiencing high demand"}}""", FailureClass.Overloaded)]
    // Others
    [InlineData(400, """{"code":"Client specified an invalid argument","error":"Incorrect API key provided: xa***. You can obtain one"}""", FailureClass.BadCredential)]
    [InlineData(401, """{"detail":"Unauthorized"}""", FailureClass.BadCredential)]
    [InlineData(402, """{"error":{"message":"Insufficient Balance","type":"unknown_error","code":"invalid_request_error"}}""", FailureClass.QuotaExhausted)]
    [InlineData(402, """{"error":{"code":402,"message":"Insufficient credits"}}""", FailureClass.QuotaExhausted)]
    [InlineData(400, """{"error":{"code":400,"message":"foo/bar is not a valid model ID"}}""", FailureClass.ModelMissing)]
    [InlineData(403, """{"error":{"code":403,"message":"Input flagged","metadata":{"reasons":["violence"],"provider_name":"x"}}}""", FailureClass.ContentFiltered)]
    [InlineData(413, """{"error":{"message":"Request too large for model on tokens per minute (TPM): Limit 6000","type":"tokens","code":"rate_limit_exceeded"}}""", FailureClass.RateLimited)]
    [InlineData(400, """{"error":{"message":"Failed to call a function","type":"invalid_request_error","code":"tool_use_failed","failed_generation":"x"}}""", FailureClass.ServerFault)]
    [InlineData(498, "", FailureClass.Overloaded)]
    [InlineData(524, "<!DOCTYPE html><title>x | 524: A timeout occurred</title>", FailureClass.Overloaded)]
    [InlineData(530, "error code: 1033", FailureClass.Overloaded)]
    [InlineData(503, """{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}""", FailureClass.Overloaded)]
    [InlineData(400, """{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}""", FailureClass.ContextTooLong)]
    [InlineData(400, """{"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested 5000","type":"BadRequestError","code":400}""", FailureClass.ContextTooLong)]
    [InlineData(404, """{"error":{"message":"model 'x' not found, try pulling it first","type":"not_found_error","param":null,"code":null}}""", FailureClass.ModelMissing)]
    [InlineData(503, """{"error":"server busy, please try again"}""", FailureClass.Overloaded)]
    [InlineData(400, """[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}]""", FailureClass.BadCredential)]
    [InlineData(429, """[{"error":{"code":429,"message":"Quota","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerDayPerProject"}]}]}}]""", FailureClass.QuotaExhausted)]
    [InlineData(429, """{"error":{"code":429,"message":"Quota","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerMinute"}]}]}}""", FailureClass.RateLimited)]
    [InlineData(418, "teapot", FailureClass.CallerFault)]
    [InlineData(599, "", FailureClass.ServerFault)]
    public void Class_OfEachDocumentedAnswer_IsReadFromItsCodesBeforeItsStatus(int status, string body, FailureClass expected)
    {
        var failure = FailureReader.Read(status, null, Encoding.UTF8.GetBytes(body), Now);
        Assert.Equal(expected, failure.Class);
        Assert.Equal(status, failure.Status);
        Assert.NotEmpty(failure.Message);
        Assert.False(string.IsNullOrEmpty(JsonDocument.Parse(failure.RelayBody).RootElement.GetProperty("error").GetProperty("message").GetString()));
    }

    [Theory]
    [InlineData("""{"error":{"message":"m","type":"rate_limit_error"}}""", FailureClass.RateLimited)]
    [InlineData("""{"error":{"code":502,"message":"Provider disconnected"}}""", FailureClass.ServerFault)]
    [InlineData("""{"error":{"code":"server_error","message":"x"},"choices":[{"finish_reason":"error"}]}""", FailureClass.ServerFault)]
    [InlineData("""{"error":{"message":"bad","type":"invalid_request_error","code":"unsupported_value"}}""", FailureClass.CallerFault)]
    [InlineData("""{"error":{"message":"q","type":"insufficient_quota","code":"insufficient_quota"}}""", FailureClass.QuotaExhausted)]
    [InlineData("""{"error":{"code":503,"message":"overloaded"}}""", FailureClass.Overloaded)]
    [InlineData("""{"error":"something broke"}""", FailureClass.ServerFault)]
    [InlineData("not json", FailureClass.ServerFault)]
    public void Class_OfAnErrorInsideAnAnswer_IsReadFromItsBody(string body, FailureClass expected) =>
        Assert.Equal(expected, FailureReader.ReadInAnswer(Encoding.UTF8.GetBytes(body), Now, null).Class);

    [Theory]
    [InlineData("openai/chat-400-unsupported-role.http.json", 0, FailureClass.CallerFault)]
    [InlineData("openai/chat-404-model-not-found.http.json", 0, FailureClass.ModelMissing)]
    [InlineData("openai/responses-400-context-length.http.json", 0, FailureClass.ContextTooLong)]
    [InlineData("openai/responses-401-bad-key.http.json", 0, FailureClass.BadCredential)]
    [InlineData("openrouter/chat-429-upstream.http.json", 0, FailureClass.RateLimited)]
    [InlineData("azure/chat-404-deployment.http.json", 1, FailureClass.ModelMissing)]
    [InlineData("azure/foundry-429-rate-limit.http.json", 0, FailureClass.RateLimited)]
    [InlineData("gemini/400-bad-key.http.json", 0, FailureClass.BadCredential)]
    public void Class_OfRecordedFailures_IsTheDocumentedOne(string file, int reply, FailureClass expected)
    {
        var replies = Recorded.Read(file);
        Assert.Equal(expected, FailureReader.Read(replies[reply].Status, null, replies[reply].Body, Now).Class);
    }

    [Theory]
    [InlineData("retry-after-ms=1500;retry-after=9", "", 1.5)]
    [InlineData("retry-after-ms=0;retry-after=1", "", 1.0)]
    [InlineData("retry-after=2.5", "", 2.5)]
    [InlineData("retry-after=Sun, 22 Nov 2026 12:00:30 GMT", "", 30.0)]
    [InlineData("date=Sun, 22 Nov 2026 12:00:20 GMT;retry-after=Sun, 22 Nov 2026 12:00:30 GMT", "", 10.0)]
    [InlineData("retry-after=Sun, 22 Nov 2026 11:00:00 GMT", "", null)]
    [InlineData("retry-after=-5", "", null)]
    [InlineData("retry-after=soon", "", null)]
    [InlineData("retry-after=99999999999", "", null)]
    [InlineData("", """{"error":{"message":"Rate limit reached. Please try again in 1.5s. Visit"}}""", 1.5)]
    [InlineData("", """{"error":{"message":"Please retry in 48.9s."}}""", 48.9)]
    [InlineData("", """{"error":{"message":"Please try again in 6m0s."}}""", 360.0)]
    [InlineData("", """{"error":{"message":"Please try again in 20ms."}}""", 0.02)]
    [InlineData("", """{"error":{"message":"m","details":[{"@type":"x"},{"retryDelay":"34s"}]}}""", 34.0)]
    [InlineData("x-ratelimit-remaining-requests=0;x-ratelimit-reset-requests=1m6.779s;x-ratelimit-remaining-tokens=5;x-ratelimit-reset-tokens=10m", "", 66.779)]
    [InlineData("x-ratelimit-remaining-requests=0;x-ratelimit-reset-requests=11ms;x-ratelimit-remaining-tokens=0;x-ratelimit-reset-tokens=7", "", 7.0)]
    [InlineData("x-ratelimit-remaining-requests=3;x-ratelimit-reset-requests=1h0m0s", "", null)]
    [InlineData("", "", null)]
    public void RetryAfter_InEachForm_IsRead(string headers, string body, double? seconds)
    {
        using var response = new HttpResponseMessage();
        foreach (var header in headers.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = header.IndexOf('=', StringComparison.Ordinal);
            Assert.True(response.Headers.TryAddWithoutValidation(header[..at], header[(at + 1)..]));
        }

        var read = FailureReader.Read(429, response.Headers, Encoding.UTF8.GetBytes(body), Now).RetryAfter;
        Assert.Equal(seconds, read?.TotalSeconds);
    }

    [Theory]
    [InlineData("Incorrect API key provided: sk-proj-abc***************WXYZ. You can find", "Incorrect API key provided: *** You can find")]
    [InlineData("key gsk_0123456789abcdef here", "key *** here")]
    [InlineData("Authorization: Bearer abcdef123456 refused", "Authorization: Bearer *** refused")]
    [InlineData("AIzaSyA1234567890 bad", "*** bad")]
    [InlineData("token eyJhbGciOi.eyJzdWIi.sig", "token ***")]
    [InlineData("a line\r\nX-Injected: 1\u2028", "a line X-Injected: 1 ")]
    [InlineData("task-oriented sk-learn or-else key-based and model gpt-4o-mini stay", "task-oriented sk-learn or-else key-based and model gpt-4o-mini stay")]
    public void Message_WithKeysOrControlCharacters_IsMasked(string said, string shown) => Assert.Equal(shown, SecretMask.Apply(said));

    [Fact]
    public void Credential_OfAnyForm_IsTakenOutOfMessageCodeAndBody()
    {
        const string secret = "correct horse battery";
        var failure = FailureReader.Read(400, null, Encoding.UTF8.GetBytes($$$"""{"error":{"message":"you sent {{{secret}}}","code":"{{{secret}}}","extra":"{{{secret}}}"}}"""), Now).WithoutCredential(secret);
        Assert.Equal("you sent ***", failure.Message);
        Assert.Equal("***", failure.Code);
        Assert.DoesNotContain(secret, Encoding.UTF8.GetString(failure.RelayBody.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void RelayBody_OfAnOpenAiShapedError_KeepsItsOtherMembers()
    {
        var failure = FailureReader.Read(400, null, """{"error":{"message":"m","type":"t","param":"p","code":"content_filter","innererror":{"x":1}}}"""u8, Now);
        Assert.Equal("""{"error":{"message":"m","type":"t","param":"p","code":"content_filter","innererror":{"x":1}}}""", Encoding.UTF8.GetString(failure.RelayBody.Span));
    }

    [Fact]
    public void RelayBody_OfAnyOtherShape_IsPutIntoOpenAis()
    {
        var failure = FailureReader.Read(422, null, """{"detail":"Extra inputs"}"""u8, Now);
        Assert.Equal("""{"error":{"message":"Extra inputs","type":"invalid_request_error","param":null,"code":null}}""", Encoding.UTF8.GetString(failure.RelayBody.Span));
    }
}
