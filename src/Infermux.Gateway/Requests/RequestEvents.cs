using Infermux.Grains.Contracts.Budgets;
using Infermux.Hosting.Events;
using Infermux.Hosting.Telemetry;

namespace Infermux.Gateway.Requests;

/// <summary>Publishes a finished request: metrics, ring, counts, one log line, and events where somebody listens.</summary>
internal sealed partial class RequestEvents(
    RequestMetrics metrics, RequestRing ring, RequestCounts counts, EventBus bus, ILogger<RequestEvents> logger) : IRequestEvents
{
    public void Completed(RequestRecord record)
    {
        ring.Add(record);
        counts.Add(error: record.Status >= 500);
        foreach (var attempt in record.Attempts)
        {
            Measure(attempt);
        }

        if (record.ErrorCode is { } code && record.Answer is null)
        {
            metrics.Refused(code);
        }

        Log(record);
        if (bus.HasSubscribers)
        {
            Publish(record);
        }
    }

    private void Measure(AttemptRecord attempt)
    {
        var (provider, model) = (attempt.Selection.Provider, attempt.Selection.TargetModel);
        if (attempt.Failure is not null || attempt.Latency is not null)
        {
            // The others met no verdict: they never went out, or their caller left before content.
            metrics.AttemptEnded(provider, model, succeeded: attempt.Failure is null, attempt.Latency);
        }

        if (attempt.Usage is { } usage)
        {
            metrics.Billed(provider, model, usage.Prompt, usage.Output, attempt.Cost, attempt.Priced);
        }
    }

    private void Log(RequestRecord record)
    {
        if (record.Answer is { } answer)
        {
            LogServed(
                record.RequestId, record.Model, answer.Selection.Provider, answer.Selection.TargetModel, answer.Selection.Strategy,
                answer.Selection.Group, (long)(answer.Latency ?? default).TotalMilliseconds, record.Cost, record.Tries, record.Status);
        }
        else
        {
            LogRefused(record.RequestId, record.Model, record.Status, record.ErrorCode ?? "", record.Tries);
        }
    }

    private void Publish(RequestRecord record)
    {
        var answer = record.Answer;
        bus.Publish(new InferenceRequest
        {
            RequestId = record.RequestId,
            StartedAt = record.StartedAt,
            Provider = answer?.Selection.Provider ?? "",
            Model = answer?.Selection.TargetModel ?? record.Model,
            Strategy = answer?.Selection.Strategy ?? "",
            Group = answer?.Selection.Group ?? "",
            Status = record.Status,
            LatencyMs = answer?.Latency?.TotalMilliseconds,
            Attempts = record.Tries,
            PromptTokens = record.Attempts.Sum(a => a.Usage?.Prompt ?? 0),
            CompletionTokens = record.Attempts.Sum(a => a.Usage?.Output ?? 0),
            CostUsd = record.Cost,
            Caller = record.Caller,
            Project = record.Project,
            Env = record.Env,
        });
        foreach (var attempt in record.Attempts.Where(a => a.Usage is not null))
        {
            bus.Publish(Cost(record, attempt));
        }
    }

    private static ProviderCost Cost(RequestRecord record, AttemptRecord attempt) => new()
    {
        RequestId = record.RequestId,
        Provider = attempt.Selection.Provider,
        Model = attempt.Selection.TargetModel,
        Group = attempt.Selection.Group,
        PromptTokens = attempt.Usage!.Value.Prompt,
        CompletionTokens = attempt.Usage.Value.Output,
        CostUsd = attempt.Cost,
        Estimated = attempt.Mark != SettleMark.Exact,
        Caller = record.Caller,
        Project = record.Project,
        Env = record.Env,
    };

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "request {RequestId} model={Model} provider={Provider} target_model={TargetModel} strategy={Strategy} group={Group} "
            + "latency_ms={LatencyMs} cost_usd={CostUsd} attempts={Attempts} status={Status}")]
    private partial void LogServed(
        string requestId, string model, string provider, string targetModel, string strategy, string group, long latencyMs, decimal costUsd, int attempts,
        int status);

    [LoggerMessage(Level = LogLevel.Information, Message = "request {RequestId} model={Model} refused status={Status} code={Code} attempts={Attempts}")]
    private partial void LogRefused(string requestId, string model, int status, string code, int attempts);
}
