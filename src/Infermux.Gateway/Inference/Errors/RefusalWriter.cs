using System.Globalization;
using Infermux.Core.Failures;
using Infermux.Gateway.Inference.Inbound;
using Infermux.Gateway.Inference.Outbound;
using Infermux.Gateway.Requests;

namespace Infermux.Gateway.Inference.Errors;

/// <summary>Writes an error answer: as an HTTP response, or as an event where a stream has begun.</summary>
internal sealed class RefusalWriter(TimeProvider time)
{
    public async Task WriteAsync(HttpContext http, RequestRecord record, Refusal refusal, SseResponse? events)
    {
        record.Status = refusal.Status;
        record.ErrorCode = refusal.Code;
        using var output = new PooledBuffer(1024);
        if (events is { Started: true })
        {
            ErrorForm.Of(record.Kind).WriteEvent(output, refusal, record);
            await events.WriteAsync(output.Written, time.GetTimestamp(), http.RequestAborted);
            await events.EndAsync([(AnswerHeaders.Error, refusal.Code)], http.RequestAborted);
            return;
        }

        ErrorForm.Of(record.Kind).WriteBody(output, refusal, record);
        Headers(http.Response, record, refusal);
        await SendAsync(http, refusal.Status, output.Written);
    }

    /// <summary>A provider's own refusal of the caller's request goes on as it came.</summary>
    public async Task RelayAsync(HttpContext http, RequestRecord record, ProviderFailure failure, SseResponse? events)
    {
        var status = failure.Status is >= 400 and < 600 ? failure.Status.Value : StatusCodes.Status400BadRequest;
        if (failure.RelayBody.IsEmpty || events is { Started: true })
        {
            await WriteAsync(http, record, new Refusal(status, failure.Code ?? "upstream_error", failure.Message) { RetryAfter = failure.RetryAfter }, events);
            return;
        }

        record.Status = status;
        record.ErrorCode = failure.Code ?? FailureRules.TagOf(failure.Class);
        AnswerHeaders.Decision(http.Response.Headers, record.Attempts[^1]);
        RetryAfter(http.Response, failure.RetryAfter);
        await SendAsync(http, status, failure.RelayBody);
    }

    private static void Headers(HttpResponse response, RequestRecord record, Refusal refusal)
    {
        response.Headers[AnswerHeaders.Error] = refusal.Code;
        if (record.Attempts.Count > 0)
        {
            AnswerHeaders.Decision(response.Headers, record.Attempts[^1]);
        }

        if (!refusal.Retryable)
        {
            response.Headers["x-should-retry"] = "false";
        }

        RetryAfter(response, refusal.RetryAfter);
    }

    private static void RetryAfter(HttpResponse response, TimeSpan? after)
    {
        if (after is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString("0", CultureInfo.InvariantCulture);
        }
    }

    private static async Task SendAsync(HttpContext http, int status, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
