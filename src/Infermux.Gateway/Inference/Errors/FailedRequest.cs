using Infermux.Core.Failures;
using Infermux.Gateway.Requests;

namespace Infermux.Gateway.Inference.Errors;

/// <summary>What a caller is told when every attempt failed: what was tried, what each provider answered, when to come back.</summary>
internal static class FailedRequest
{
    /// <param name="record">The request, whose attempts have all failed.</param>
    /// <param name="lastOnOurCredential">Whose credential the last one carried.</param>
    /// <param name="endedByDeadline">Whether <c>routing.failover.deadline</c> ended it: 504, whatever the attempts met before.</param>
    public static Refusal Of(RequestRecord record, bool lastOnOurCredential, bool endedByDeadline)
    {
        var failures = record.Attempts.Where(a => a.Failure is not null).ToList();
        var status = endedByDeadline
            ? StatusCodes.Status504GatewayTimeout
            : FailureRules.StatusFor([.. failures.Select(a => a.Failure!)], lastOnOurCredential);
        var after = RetryAfter(failures);
        return new Refusal(status, Code(status), Message(record, failures, endedByDeadline))
        {
            RetryAfter = after,
            // Its providers were tried already, so an SDK should not repeat it at once; one that is told when to come back waits for that.
            Retryable = status == StatusCodes.Status429TooManyRequests && after is not null,
        };
    }

    private static string Code(int status) => status switch
    {
        StatusCodes.Status404NotFound => "model_not_found",
        StatusCodes.Status429TooManyRequests => "rate_limit",
        StatusCodes.Status504GatewayTimeout => "upstream_timeout",
        _ => "upstream_error",
    };

    private static string Message(RequestRecord record, List<AttemptRecord> failures, bool endedByDeadline)
    {
        var said = failures.Select(a => a.Failure!.Status is { } status
            ? $"{a.Selection.Provider} answered {status}: {a.Failure.Message}"
            : $"{a.Selection.Provider}: {a.Failure.Message}");
        var tried = failures.Count == 1 ? "The only attempt" : $"All {failures.Count} attempts";
        var until = endedByDeadline ? " until routing.failover.deadline" : "";
        return $"{tried} for model '{record.Model}' failed{until}. {string.Join(" ", said)} "
            + "See /_infermux/providers for the state of each; add a provider to the group to fail over to.";
    }

    private static TimeSpan? RetryAfter(List<AttemptRecord> failures)
    {
        TimeSpan? earliest = null;
        foreach (var attempt in failures)
        {
            if (attempt.Failure!.RetryAfter is { } after && (earliest is null || after < earliest))
            {
                earliest = after;
            }
        }

        return earliest;
    }
}
