using System.Runtime.CompilerServices;
using Infermux.Core.Failures;
using Infermux.Gateway.Inference.Inbound;
using Infermux.Gateway.Inference.Outbound;
using Infermux.Gateway.Reporting;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Providers;

namespace Infermux.Gateway.Inference.Attempts;

/// <summary>Brings one whole answer to the caller: read to its end, translated, settled, then written.</summary>
internal sealed class WholeRelay(IAttemptReports reports, AttemptFailures failures, ExchangeSettlement settlement)
{
    /// <summary>Bytes of an upstream answer beyond which it is no answer any more.</summary>
    public const int MaxAnswer = 64 << 20;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptResult> RelayAsync(Attempt attempt, HttpResponseMessage upstream)
    {
        using var body = new PooledBuffer((int)Math.Clamp(upstream.Content.Headers.ContentLength ?? 4096, 1024, MaxAnswer));
        if (!await TryReadAsync(attempt, upstream, body))
        {
            return failures.MayBeBilled(attempt, new ProviderFailure(
                FailureClass.ServerFault, attempt.Record.Status, $"The answer is larger than {MaxAnswer:N0} bytes."));
        }

        attempt.Record.Latency = attempt.Elapsed;
        using var output = new PooledBuffer(body.Length + 256);
        var answer = attempt.Dialect.ReadWhole(attempt.Exchange.Request, attempt.Target, body.WrittenSpan, output);
        if (answer.Failure is { } failure)
        {
            return failures.MayBeBilled(attempt, failure);
        }

        attempt.Exchange.Retries?.Answered();
        Book(attempt, answer);
        attempt.Exchange.Record.Answer = attempt.Record;
        settlement.Settle(attempt.Exchange);
        if (attempt.CallerLeft)
        {
            return new AttemptResult.CallerLeft();
        }

        var type = answer.KeepsType ? upstream.Content.Headers.ContentType?.ToString() ?? "text/plain; charset=utf-8" : "application/json";
        return await TryWriteAsync(attempt, type, output) ? AttemptResult.Answered.Instance : new AttemptResult.CallerLeft();
    }

    private void Book(Attempt attempt, WholeAnswer answer)
    {
        if (attempt.Exchange.IsFree)
        {
            reports.Cancelled(attempt.Record.Selection); // no verdict: a count says nothing about how fast answers come
            attempt.Exchange.NotBilled(attempt.Record);
            return;
        }

        reports.Succeeded(attempt.Record.Selection, attempt.Elapsed, stream: false);
        attempt.Exchange.Billed(Bill(attempt, answer));
    }

    private static SettledLine Bill(Attempt attempt, WholeAnswer answer) => attempt.Exchange.Request.Facts.Metered is not null
        ? AttemptCost.Metered(attempt.Exchange, attempt.Record, answer.Usage, answer.Units, answer.ServiceTier, succeeded: true)
        : answer.Usage is { } usage ? AttemptCost.Exact(attempt.Exchange, attempt.Record, usage, answer.ServiceTier, succeeded: true)
        : AttemptCost.Estimated(attempt.Exchange, attempt.Record, answer.OutputCharacters, succeeded: true);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<bool> TryReadAsync(Attempt attempt, HttpResponseMessage upstream, PooledBuffer body)
    {
        await using var stream = upstream.Content.ReadAsStream(attempt.Token); // the head is here and nothing is buffered: this waits for nothing
        while (await stream.ReadAsync(body.GetMemory(4096), attempt.Token) is var read and > 0)
        {
            body.Advance(read);
            if (body.Length > MaxAnswer)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>False where the caller's connection broke: the answer is billed all the same, and no other provider is asked.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<bool> TryWriteAsync(Attempt attempt, string type, PooledBuffer output)
    {
        var response = attempt.Exchange.Http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = type;
        response.ContentLength = output.Length;
        AnswerHeaders.Decision(response.Headers, attempt);
        AnswerHeaders.Figures(response.Headers, attempt.Record);
        try
        {
            await response.Body.WriteAsync(output.Written, attempt.Exchange.CallerGone);
            return true;
        }
        catch (Exception broken) when (CallerWrites.Broke(broken))
        {
            attempt.Exchange.Http.Abort();
            return false;
        }
    }
}
