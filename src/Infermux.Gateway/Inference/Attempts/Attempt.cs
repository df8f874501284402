using System.Net.Http.Headers;
using Infermux.Core.Configuration;
using Infermux.Gateway.Inference.Errors;
using Infermux.Gateway.Requests;
using Infermux.Providers;
using Infermux.Providers.Transport;

namespace Infermux.Gateway.Inference.Attempts;

/// <summary>
/// One attempt while it runs: where it goes, when it began, and what ends it. Its token fires when the time for the next thing it waits for is over, or
/// when the caller hangs up and the vendor then stops billing.
/// </summary>
internal sealed class Attempt : IDisposable
{
    private readonly PooledEnds _ends;
    private readonly CancellationTokenSource _ended;
    private readonly CancellationTokenRegistration _callerGone;
    private readonly CancellationTokenRegistration _drained;
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly BackgroundReads _backgroundReads;
    private readonly RequestBodyContent? _body;
    private volatile bool _readsOn;

    public Attempt(
        Exchange exchange, AttemptRecord record, AttemptTarget target, IDialect dialect, HttpRequestMessage message, BackgroundReads backgroundReads,
        PooledEnds ends, TimeProvider time, CancellationToken drained)
    {
        _body = message.Content as RequestBodyContent;
        (Exchange, Record, Target, Dialect, _backgroundReads, _ends, _time) = (exchange, record, target, dialect, backgroundReads, ends, time);
        _backgroundReads.AttemptBegan();
        _startedAt = time.GetTimestamp();
        _ended = ends.Rent(FirstLimit());
        StopsOnAbort = exchange.Request.Facts.Stream
            ? dialect.AbortBilling(target.Provider) == AbortBilling.StopsOnAbort
            : exchange.Request.Facts.Metered is { Answer: MeteredForm.Binary }; // whose rest would say nothing about its cost
        _drained = drained.UnsafeRegister(static ended => ((CancellationTokenSource)ended!).Cancel(), _ended);
        DrainOver = drained;
        _callerGone = exchange.CallerGone.UnsafeRegister(static attempt => ((Attempt)attempt!).OnCallerGone(), this);
    }

    public Exchange Exchange { get; }

    public AttemptRecord Record { get; }

    public AttemptTarget Target { get; }

    public IDialect Dialect { get; }

    /// <summary>Fires when this process has drained long enough.</summary>
    public CancellationToken DrainOver { get; }

    /// <summary>Why we ended its stream ourselves; null where we did not.</summary>
    public Refusal? Stopped { get; set; }

    /// <summary>Headers of the provider's answer; null before there is one.</summary>
    public HttpResponseHeaders? ProviderHeaders { get; set; }

    public ProviderOptions Provider => Target.Provider;

    public CancellationToken Token => _ended.Token;

    /// <summary>Whether the credential sent is one of ours; what a caller's own token earns marks nobody.</summary>
    public bool OurCredential => Provider.ApiKey is not null || Target.Credential is null;

    public TimeSpan Elapsed => _time.GetElapsedTime(_startedAt);

    public bool CallerLeft => Exchange.CallerGone.IsCancellationRequested;

    /// <summary>Whether the vendor stops billing when we hang up on this attempt; a whole answer is always billed in full.</summary>
    public bool StopsOnAbort { get; }

    /// <summary>Whether nothing of the request's body went out, so that nobody can bill it; from then on nothing will.</summary>
    public bool NeverSent() => _body?.CloseUnsent() ?? false;

    /// <summary>The network stack reads the caller's body for a moment after a send was cancelled; its memory must not be reused before.</summary>
    public Task WhenBodyIsFree() => _body?.WhenQuiet() ?? Task.CompletedTask;

    /// <summary>Whether <c>routing.failover.deadline</c> left it less time than its provider is given.</summary>
    public bool CutShort { get; private set; }

    private TimeSpan FirstLimit()
    {
        var limit = Provider.Timeout;
        var probeBound = Exchange.Request.Facts.Stream || Provider.CircuitBreaker.ProbeTimeoutFromFile;
        if (Record.Selection.ProbeTimeout is { } probe && probeBound && probe < limit)
        {
            limit = probe;
        }

        if (Exchange.Retries?.Left is { } left && left < limit)
        {
            CutShort = true;
            limit = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }

        return limit;
    }

    /// <summary>Gives the attempt this long from now on; one that is read on without its caller keeps the limit of that.</summary>
    public void EndAfter(TimeSpan limit)
    {
        if (!_readsOn)
        {
            _ended.CancelAfter(limit > TimeSpan.Zero ? limit : TimeSpan.Zero);
        }
    }

    public void Dispose()
    {
        _callerGone.Dispose();
        _drained.Dispose();
        _ends.Return(_ended);
        _backgroundReads.AttemptEnded();
        if (_readsOn)
        {
            _backgroundReads.End();
        }
    }

    private void OnCallerGone()
    {
        if (StopsOnAbort || NeverSent() || !_backgroundReads.TryBegin())
        {
            _ended.Cancel();
            return;
        }

        _readsOn = true;
        _ended.CancelAfter(BackgroundReads.Limit);
    }
}
