using Infermux.Core.Failures;
using Infermux.Gateway.Reporting;
using Infermux.Grains.Contracts.Budgets;
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

    /// <summary>The body was sent and the vendor may have worked: input of a stream, the whole hold of a whole answer, marked as estimated.</summary>
    public AttemptResult MayBeBilled(Attempt attempt, ProviderFailure failure)
    {
        attempt.Exchange.Billed(Charge(attempt, failure));
        return Report(attempt, failure);
    }

    /// <summary>The caller hung up before content.</summary>
    public AttemptResult CallerLeft(Attempt attempt)
    {
        reports.Cancelled(attempt.Record.Selection);
        attempt.Exchange.Billed(attempt.StopsOnAbort
            ? AttemptCost.Estimated(attempt.Exchange, attempt.Record, outputCharacters: 0, succeeded: false)
            : AttemptCost.AtHold(attempt.Exchange, attempt.Record));
        return new AttemptResult.CallerLeft();
    }

    private static SettledLine Charge(Attempt attempt, ProviderFailure failure)
    {
        if (failure.Usage is { } usage)
        {
            return AttemptCost.Exact(attempt.Exchange, attempt.Record, usage, serviceTier: null, succeeded: false);
        }

        return attempt.StopsOnAbort
            ? AttemptCost.Estimated(attempt.Exchange, attempt.Record, outputCharacters: 0, succeeded: false)
            : AttemptCost.AtHold(attempt.Exchange, attempt.Record);
    }

    private AttemptResult.Failed Report(Attempt attempt, ProviderFailure said)
    {
        // Providers echo keys in their refusals.
        var failure = said.WithoutCredential(attempt.Target.Credential);
        attempt.Record.Failure = failure;
        reports.Failed(attempt.Record.Selection, failure, attempt.OurCredential);
        return new AttemptResult.Failed(failure, attempt.OurCredential);
    }
}
