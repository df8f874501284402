using Infermux.Core.Failures;
using Infermux.Gateway.Inference.Errors;
using Infermux.Gateway.Inference.Inbound;
using Infermux.Gateway.Inference.Outbound;
using Infermux.Gateway.Reporting;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Providers;
using Infermux.Providers.Failures;

namespace Infermux.Gateway.Inference.Attempts;

/// <summary>
/// Ends a committed stream: settled first, then either its usage chunk and terminal mark, or an error event and no terminal mark, so that nobody takes
/// half an answer for a whole one.
/// </summary>
internal sealed class StreamEnd(IAttemptReports reports, ExchangeSettlement settlement, TimeProvider time)
{
    /// <summary>False where the caller left before it was told the end.</summary>
    public async Task<bool> EndAsync(Attempt attempt, StreamTranslator stream, ProviderFailure? said, PooledBuffer output)
    {
        var failure = said?.WithoutCredential(attempt.Target.Credential);
        var exchange = attempt.Exchange;
        exchange.Billed(Bill(attempt, stream, failure));
        Report(attempt, failure);
        settlement.Settle(exchange);
        if (attempt.CallerLeft)
        {
            return false;
        }

        output.Clear();
        if (failure is null)
        {
            stream.Complete(attempt.Record.Usage ?? default, UsageNote.Of(attempt.Record), output);
        }
        else
        {
            WriteError(exchange, stream, StreamRefusal(attempt, failure), output);
        }

        var told = false;
        try
        {
            await exchange.Events!.WriteAsync(output.Written, time.GetTimestamp(), exchange.CallerGone);
            told = true; // many hang up at the terminal mark
            await exchange.Events.EndAsync(Trailers(attempt, failure), exchange.CallerGone);
        }
        catch (Exception broken) when (CallerWrites.Broke(broken))
        {
            exchange.Http.Abort(); // settled already; half an answer must not look whole
        }

        return told;
    }

    /// <summary>Books what came so far of a stream that we failed on ourselves.</summary>
    public static void BillAtWhatCame(Attempt attempt, StreamTranslator stream) =>
        attempt.Exchange.Billed(AttemptCost.Estimated(attempt.Exchange, attempt.Record, stream.OutputCharacters, succeeded: false));

    private static void WriteError(Exchange exchange, StreamTranslator stream, Refusal refusal, PooledBuffer output)
    {
        if (!stream.WriteError(refusal.Code, refusal.Message, refusal.Param, output))
        {
            ErrorForm.Of(exchange.Record.Kind).WriteEvent(output, refusal, exchange.Record);
        }
    }

    private void Report(Attempt attempt, ProviderFailure? failure)
    {
        if (failure is null || failure.Class == FailureClass.ClientGone)
        {
            return;
        }

        attempt.Record.Failure = failure;
        reports.BrokeAfterContent(attempt.Record.Selection, failure);
    }

    private static SettledLine Bill(Attempt attempt, StreamTranslator stream, ProviderFailure? failure)
    {
        var whole = failure is null;
        if (attempt.Exchange.Request.Facts.Metered is not null && (whole || stream.Ended))
        {
            return AttemptCost.Metered(attempt.Exchange, attempt.Record, stream.Usage, stream.Units, stream.ServiceTier, succeeded: whole);
        }

        if (stream.Usage is { } usage && (whole || stream.Ended))
        {
            return AttemptCost.Exact(attempt.Exchange, attempt.Record, usage, stream.ServiceTier, succeeded: whole);
        }

        // Cut short with no final count. Where the vendor goes on and bills in full, only the hold is sure to cover it.
        // One that we stopped has passed its hold: what came is the larger sum.
        return whole || attempt.StopsOnAbort || attempt.Stopped is not null || failure!.Class != FailureClass.ClientGone
            ? AttemptCost.Estimated(attempt.Exchange, attempt.Record, stream.OutputCharacters, succeeded: whole)
            : AttemptCost.AtHold(attempt.Exchange, attempt.Record);
    }

    private static Refusal StreamRefusal(Attempt attempt, ProviderFailure failure)
    {
        if (attempt.Stopped is { } ours)
        {
            attempt.Exchange.Record.ErrorCode = ours.Code;
            return ours;
        }

        attempt.Exchange.Record.ErrorCode = failure.Class == FailureClass.Timeout ? "upstream_timeout" : "upstream_error";
        return new Refusal(
            StatusCodes.Status502BadGateway,
            attempt.Exchange.Record.ErrorCode,
            $"Provider '{attempt.Provider.Name}' broke off in the middle of its answer: {failure.Message} What came before is incomplete; send the request again.");
    }

    private static List<(string Name, string Value)> Trailers(Attempt attempt, ProviderFailure? failure)
    {
        var trailers = new List<(string, string)>(5)
        {
            (AnswerHeaders.Latency, AnswerHeaders.Milliseconds(attempt.Record.Latency ?? TimeSpan.Zero)),
            (AnswerHeaders.Cost, AnswerHeaders.Usd(attempt.Record.Cost)),
            (AnswerHeaders.PromptTokens, AnswerHeaders.Number(attempt.Record.Usage?.Prompt ?? 0)),
            (AnswerHeaders.CompletionTokens, AnswerHeaders.Number(attempt.Record.Usage?.Output ?? 0)),
        };
        if (attempt.Exchange.Configuration.Options.Stream.EarlyHeartbeat is not null)
        {
            AnswerHeaders.Decision(trailers, attempt);
        }

        if (failure is not null)
        {
            trailers.Add((AnswerHeaders.Error, attempt.Exchange.Record.ErrorCode!));
        }

        return trailers;
    }
}
