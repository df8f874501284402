using System.Buffers;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Gateway.Requests;
using Infermux.Grains.Contracts.Routing;

namespace Infermux.Gateway.Inference.Errors;

/// <summary>OpenAI's: <c>{"error": {...}}</c> as a body, <c>data: {"error": {...}}</c> in a stream, comments as signs of life.</summary>
internal sealed class OpenAiErrorForm : ErrorForm
{
    public static OpenAiErrorForm Instance { get; } = new();

    public override ReadOnlySpan<byte> Heartbeat => ": heartbeat\n\n"u8;

    public override void WriteEvent(IBufferWriter<byte> output, Refusal refusal, RequestRecord record)
    {
        output.Write("data: "u8);
        WriteBody(output, refusal, record);
        output.Write("\n\n"u8);
    }

    public override void WriteBody(IBufferWriter<byte> output, Refusal refusal, RequestRecord record)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, refusal.Message);
        json.WriteString("type"u8, "infermux_error"u8);
        WriteDetails(json, refusal, record);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes what every dialect's error has beside its message: our code, what is at fault, when to come back, the budget, what was tried.</summary>
    internal static void WriteDetails(Utf8JsonWriter json, Refusal refusal, RequestRecord record)
    {
        json.WriteString("code"u8, refusal.Code);
        json.WriteString("param"u8, refusal.Param);
        if (refusal.RetryAfter is { } after)
        {
            json.WriteNumber("retry_after_seconds"u8, Math.Ceiling(after.TotalSeconds));
        }

        WriteBudget(json, refusal.Budget);
        WriteAttempts(json, record.Attempts);
    }

    private static void WriteBudget(Utf8JsonWriter json, BudgetRefusal? budget)
    {
        if (budget is null)
        {
            return;
        }

        json.WriteNumber("limit_usd"u8, budget.Limit);
        json.WriteNumber("spent_usd"u8, budget.Spent);
        json.WriteNumber("reserved_usd"u8, budget.Reserved);
        json.WriteNumber("requested_usd"u8, budget.Requested);
        if (budget.PeriodEnd is { } end)
        {
            json.WriteString("period_end"u8, end);
        }
    }

    private static void WriteAttempts(Utf8JsonWriter json, IReadOnlyList<AttemptRecord> attempts)
    {
        if (!attempts.Any(a => a.Failure is not null))
        {
            return;
        }

        json.WriteStartArray("attempts"u8);
        foreach (var attempt in attempts)
        {
            if (attempt.Failure is not { } failure)
            {
                continue;
            }

            json.WriteStartObject();
            json.WriteString("provider"u8, attempt.Selection.Provider);
            json.WriteString("model"u8, attempt.Selection.TargetModel);
            json.WriteString("class"u8, FailureRules.TagOf(failure.Class));
            if (failure.Status is { } status)
            {
                json.WriteNumber("status"u8, status);
            }

            json.WriteString("message"u8, failure.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
