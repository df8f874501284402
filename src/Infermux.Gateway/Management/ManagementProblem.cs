using Infermux.Gateway.Inference.Outbound;

namespace Infermux.Gateway.Management;

/// <summary>An error answer in the envelope of the inference API, with <c>X-Infermux-Error</c>.</summary>
internal sealed class ManagementProblem(int status, string code, string message) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers[AnswerHeaders.Error] = code;
        return ManagementJson.Of(new { error = new { message, type = "infermux_error", code } }, status).ExecuteAsync(httpContext);
    }
}
