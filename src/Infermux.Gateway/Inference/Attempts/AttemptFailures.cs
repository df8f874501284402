using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Gateway.Reporting;
using Infermux.Providers.Failures;

namespace Infermux.Gateway.Inference.Attempts;

/// <summary>Books an attempt that failed before content: reported to the provider's owner, and charged where the vendor may have billed it.</summary>
internal sealed class AttemptFailures(IAttemptReports reports)
{
    /// <summary>The provider answered with a status that is no success, or was never reached: nothing was billed.</summary>
    public AttemptResult NotBilled(Attempt attempt, ProviderFailure failure)
    {
        attempt.Exchange.NotBilled(attempt.Record);
        return Report(attempt, failure);
    }

    /// <summary>
    /// Where the body was sent the vendor may have worked: input of a stream, the whole hold of a whole answer, marked as estimated. Of what never went out
    /// nothing is billed.
    /// </summary>
    public AttemptResult MayBeBilled(Attempt attempt, ProviderFailure failure)
    {
        Charge(attempt, failure.Usage);
        return Report(attempt, failure);
    }

    /// <summary>The caller hung up before content, or this process ends: nobody's fault.</summary>
    public AttemptResult CallerLeft(Attempt attempt)
    {
        reports.Cancelled(attempt.Record.Selection);
        Charge(attempt, usage: null);
        return new AttemptResult.CallerLeft();
    }

    /// <summary>We failed on this attempt ourselves: nobody is marked, and what the vendor may bill is booked unless the attempt's line already is.</summary>
    public void OursFailed(Attempt attempt)
    {
        if (!ReferenceEquals(attempt.Exchange.Record.Answer, attempt.Record))
        {
            reports.Cancelled(attempt.Record.Selection); // its verdict is out otherwise
        }

        attempt.Record.Failure ??= new ProviderFailure(FailureClass.ServerFault, attempt.Record.Status, "Infermux failed on this attempt.");
        if (attempt.Record.Usage is null)
        {
            Charge(attempt, usage: null);
        }
    }

    private static void Charge(Attempt attempt, TokenUsage? usage)
    {
        var (exchange, record) = (attempt.Exchange, attempt.Record);
        if (usage is { } told && !exchange.IsFree)
        {
            exchange.Billed(AttemptCost.Exact(exchange, record, told, serviceTier: null, succeeded: false));
        }
        else if (exchange.IsFree || attempt.NeverSent())
        {
            exchange.NotBilled(record);
        }
        else
        {
            exchange.Billed(attempt.StopsOnAbort
                ? AttemptCost.Estimated(exchange, record, outputCharacters: 0, succeeded: false)
                : AttemptCost.AtHold(exchange, record));
        }
    }

    private AttemptResult.Failed Report(Attempt attempt, ProviderFailure said)
    {
        // Providers echo keys in their refusals.
        var failure = said.WithoutCredential(attempt.Target.Credential);
        attempt.Record.Failure = failure;
        if (failure.Class == FailureClass.Timeout && attempt.CutShort)
        {
            attempt.Exchange.Retries?.MetDeadline();
        }

        if ((failure.Class == FailureClass.Timeout && attempt.CutShort && attempt.Record.Number > 1) || attempt.Exchange.IsFree)
        {
            // What earlier attempts left of the deadline says nothing about this provider, and counting has limits and faults of its own.
            reports.Cancelled(attempt.Record.Selection);
        }
        else
        {
            reports.Failed(attempt.Record.Selection, failure, attempt.OurCredential);
        }

        return new AttemptResult.Failed(failure, attempt.OurCredential);
    }
}
