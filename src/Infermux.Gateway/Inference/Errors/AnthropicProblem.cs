using Infermux.Gateway.Inference.Outbound;

namespace Infermux.Gateway.Inference.Errors;

/// <summary>An error in Anthropic's shape outside of an inference request.</summary>
internal static class AnthropicProblem
{
    public static IResult Of(HttpContext http, int status, string code, string message)
    {
        http.Response.Headers[AnswerHeaders.Error] = code;
        return Results.Json(new { type = "error", error = new { type = AnthropicErrorForm.TypeOf(status, code), message, code } }, statusCode: status);
    }
}
