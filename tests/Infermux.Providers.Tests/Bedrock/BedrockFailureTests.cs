using System.Net;
using System.Text;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Providers.Tests.Fixtures;
using Xunit;
using static Infermux.Providers.Tests.Bedrock.Converse;

namespace Infermux.Providers.Tests.Bedrock;

public sealed class BedrockFailureTests
{
    [Theory] // protocols 12.4 and 14.2
    [InlineData(403, "AccessDeniedException", "User is not authorized to perform: bedrock:InvokeModel", FailureClass.BadCredential)]
    [InlineData(403, "AccessDeniedException", "You don't have access to the model with the specified model ID.", FailureClass.ModelMissing)]
    [InlineData(403, "UnrecognizedClientException", "The security token included in the request is invalid.", FailureClass.BadCredential)]
    [InlineData(403, "InvalidSignatureException", "Signature expired", FailureClass.BadCredential)]
    [InlineData(403, "ExpiredTokenException", "The security token included in the request is expired", FailureClass.BadCredential)]
    [InlineData(400, "ValidationException", "messages.0.content is empty", FailureClass.CallerFault)]
    [InlineData(400, "ValidationException", "The provided model identifier is invalid.", FailureClass.ModelMissing)]
    [InlineData(400, "ValidationException", "Invocation of model ID x with on-demand throughput isn't supported.", FailureClass.ModelMissing)]
    [InlineData(400, "ValidationException", "Input is too long for requested model.", FailureClass.ContextTooLong)]
    [InlineData(400, "ValidationException", "The model returned the following errors: prompt is too long: 209345 tokens > 200000 maximum", FailureClass.ContextTooLong)]
    [InlineData(400, "ServiceQuotaExceededException", "quota", FailureClass.QuotaExhausted)]
    [InlineData(404, "ResourceNotFoundException", "This model version has reached the end of its life.", FailureClass.ModelMissing)]
    [InlineData(408, "ModelTimeoutException", "late", FailureClass.ServerFault)]
    [InlineData(424, "ModelErrorException", "oops", FailureClass.ServerFault)]
    [InlineData(424, "ModelStreamErrorException", "oops", FailureClass.ServerFault)]
    [InlineData(429, "ThrottlingException", "Too many requests, please wait before trying again.", FailureClass.RateLimited)]
    [InlineData(429, "ThrottlingException", "Too many tokens per day, please wait before trying again.", FailureClass.QuotaExhausted)]
    [InlineData(429, "ModelNotReadyException", "not ready", FailureClass.Overloaded)]
    [InlineData(500, "InternalServerException", "oops", FailureClass.ServerFault)]
    [InlineData(503, "ServiceUnavailableException", "busy", FailureClass.Overloaded)]
    public void Failure_ByItsNameAndText_HasItsClassAndOpenAisShape(int status, string type, string message, FailureClass expected)
    {
        var failure = Failure(status, JsonSerializer.Serialize(new { message }), type + ":http://internal.amazon.com/coral/com.amazon.coral.service/");
        Assert.Equal((expected, status, message, type), (failure.Class, failure.Status, failure.Message, failure.Code));
        Assert.Null(failure.RetryAfter);
        using var relayed = JsonDocument.Parse(failure.RelayBody);
        Assert.Equal((message, type), (relayed.RootElement.GetProperty("error").GetProperty("message").GetString(), relayed.RootElement.GetProperty("error").GetProperty("type").GetString()));
    }

    [Theory]
    [InlineData(403, """{"Message":"no"}""", null, FailureClass.BadCredential, "no")]
    [InlineData(400, """{"__type":"com.amazon.coral.service#ThrottlingException","message":"slow"}""", null, FailureClass.RateLimited, "slow")]
    [InlineData(404, """{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}""", null, FailureClass.ModelMissing, null)]
    [InlineData(503, "<html><title>Busy</title></html>", null, FailureClass.Overloaded, "an HTML page titled 'Busy'")]
    [InlineData(429, "", null, FailureClass.RateLimited, "HTTP 429 without a body")]
    [InlineData(413, "", null, FailureClass.ContextTooLong, "HTTP 413 without a body")]
    [InlineData(422, "{}", "OfALaterTimeException", FailureClass.CallerFault, "{}")]
    [InlineData(502, "{}", null, FailureClass.ServerFault, "{}")]
    public void Failure_WithoutAKnownName_IsClassedByWhatThereIs(int status, string body, string? type, FailureClass expected, string? message)
    {
        var failure = Failure(status, body, type);
        Assert.Equal(expected, failure.Class);
        Assert.Equal(message ?? failure.Message, failure.Message);
    }

    [Theory]
    [InlineData("throttlingException", FailureClass.RateLimited)]
    [InlineData("serviceUnavailableException", FailureClass.Overloaded)]
    [InlineData("internalServerException", FailureClass.ServerFault)]
    [InlineData("modelStreamErrorException", FailureClass.ServerFault)]
    [InlineData("validationException", FailureClass.CallerFault)]
    [InlineData("ofALaterTimeException", FailureClass.ServerFault)]
    public void Exception_OfAStream_HasTheSameClass(string type, FailureClass expected)
    {
        var run = Stream([Start, Text("x"), Infermux.Testing.EventFrame.Exception(type, """{"message":"no","originalStatusCode":500}"""), Text("after")]);
        Assert.Equal((expected, "x"), (run.Failure, run.Joined("content")));
    }

    [Fact]
    public void ErrorFrame_IsReadFromItsHeaders()
    {
        var frame = Infermux.Testing.EventFrame.Of([], (":message-type", "error"), (":error-code", "ThrottlingException"), (":error-message", "Too many tokens per day"));
        Assert.Equal(FailureClass.QuotaExhausted, Stream([frame]).Failure);
    }

    [Fact]
    public void WrongSignature_DoesNotTellTheSessionToken()
    {
        const string body = """{"message":"The request signature we calculated does not match.\n\nThe Canonical String for this request should have been\n'POST\nx-amz-security-token:IQoJsecret'"}""";
        var failure = Failure(403, body, "InvalidSignatureException");
        Assert.Equal("The request signature we calculated does not match.", failure.Message.Trim());
        Assert.DoesNotContain("IQoJsecret", Encoding.UTF8.GetString(failure.RelayBody.Span), StringComparison.Ordinal);
        Assert.DoesNotContain("ASIAEXAMPLE123", Failure(403, """{"message":"key ASIAEXAMPLE123 is unknown"}""", null).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recording_BadCredentials_AreOurs()
    {
        var reply = Recorded.Read("bedrock/converse-403-bad-credentials.http.json")[0];
        var failure = Failure(reply.Status, Encoding.UTF8.GetString(reply.Body), reply.Headers["x-amzn-errortype"]);
        Assert.Equal((FailureClass.BadCredential, "UnrecognizedClientException"), (failure.Class, failure.Code));
    }

    private static ProviderFailure Failure(int status, string body, string? type)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        if (type is not null)
        {
            response.Headers.TryAddWithoutValidation("x-amzn-errortype", type);
        }

        return Dialect.ReadFailure(status, response.Headers, Encoding.UTF8.GetBytes(body));
    }
}
