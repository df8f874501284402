using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Core.Routing;
using Infermux.Gateway.Inference.Errors;
using Infermux.Gateway.Inference.Inbound;
using Infermux.Gateway.Reporting;
using Infermux.Gateway.Requests;
using Infermux.Grains.Contracts.Providers;
using Infermux.Grains.Contracts.Routing;
using Infermux.Providers;
using Infermux.Providers.Transport;

namespace Infermux.Gateway.Inference.Attempts;

/// <summary>Makes one attempt at one provider: writes the request in its dialect, sends it, and hands the answer to a relay or to the failure books.</summary>
internal sealed class AttemptRunner(
    IUpstreamTransport transport,
    IAttemptReports reports,
    AttemptFailures failures,
    WholeRelay wholes,
    StreamRelay streams,
    BinaryRelay binaries,
    BackgroundReads backgroundReads,
    PooledEnds ends,
    TokenEstimate estimate,
    ActiveRequests active,
    IGrainFactory grains,
    TimeProvider time)
{
    /// <summary>Bytes of an error answer that are read; the rest of a longer one says nothing more.</summary>
    private const int MaxErrorBody = 256 << 10;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptResult> RunAsync(Exchange exchange, Selection selection)
    {
        var record = exchange.Begin(selection);
        if (exchange.CallerGone.IsCancellationRequested)
        {
            GiveBack(exchange, record); // left while a provider was chosen: nothing goes out that would be billed for nobody
            return new AttemptResult.CallerLeft();
        }

        if (active.Ended.IsCancellationRequested)
        {
            GiveBack(exchange, record);
            throw new InferenceException(Refusals.Draining());
        }

        if (exchange.FindProvider(selection.Provider) is not { } provider)
        {
            return LeftConfiguration(exchange, record);
        }

        if (exchange.IsFree && !Dialects.Counts(provider.Type))
        {
            GiveBack(exchange, record); // answered here: nothing goes out
            return await estimate.AnswerAsync(exchange, record);
        }

        var dialect = Dialects.For(exchange.Request.Operation, provider);
        var target = Target(exchange, provider, selection);
        HttpRequestMessage message;
        try
        {
            message = dialect.CreateRequest(exchange.Request, target);
        }
        catch (RequestRefusedException refused)
        {
            GiveBack(exchange, record);
            return new AttemptResult.Unsayable(refused);
        }

        using var attempt = new Attempt(exchange, record, target, dialect, message, backgroundReads, ends, time, active.Ended);
        try
        {
            return await DispatchAsync(attempt, message);
        }
        finally
        {
            message.Dispose();
            await attempt.WhenBodyIsFree(); // before the attempt's token is used again: the write of its body holds it
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AttemptResult> DispatchAsync(Attempt attempt, HttpRequestMessage message)
    {
        var selection = attempt.Record.Selection;
        reports.Dispatched(selection);
        try
        {
            using var answer = await transport.SendAsync(attempt.Provider, message, attempt.Token);
            attempt.Record.Status = (int)answer.StatusCode;
            attempt.ProviderHeaders = answer.Headers;
            return !answer.IsSuccessStatusCode ? await RefusedAsync(attempt, answer)
                : Streams(attempt, answer) ? await streams.RelayAsync(attempt, answer)
                : attempt.Exchange.Request.Facts.Metered is { Answer: MeteredForm.Binary } ? await binaries.RelayAsync(attempt, answer)
                : await wholes.RelayAsync(attempt, answer);
        }
        catch (Exception broken) when (attempt.CallerLeft && (broken is OperationCanceledException || (IsNetwork(broken) && attempt.NeverSent())))
        {
            return failures.CallerLeft(attempt);
        }
        catch (OperationCanceledException) when (attempt.DrainOver.IsCancellationRequested)
        {
            failures.CallerLeft(attempt);
            throw new InferenceException(Refusals.Draining());
        }
        catch (OperationCanceledException) when (attempt.Token.IsCancellationRequested)
        {
            return failures.MayBeBilled(attempt, TimedOut(attempt));
        }
        catch (CredentialUnavailableException none)
        {
            return failures.NotBilled(attempt, new ProviderFailure(FailureClass.BadCredential, null, none.Message));
        }
        catch (HttpRequestException unreachable) when (NeverSent(unreachable))
        {
            return failures.NotBilled(attempt, Network(attempt, unreachable));
        }
        catch (Exception broken) when (IsNetwork(broken))
        {
            return failures.MayBeBilled(attempt, Network(attempt, broken));
        }
        catch (Exception unexpected) when (unexpected is not InferenceException)
        {
            failures.OursFailed(attempt); // such as a translator that trips over an answer: the vendor bills it all the same
            throw;
        }
        finally
        {
            reports.Ended(selection, attempt.Exchange.Record.Operation, attempt.Record.Number, attempt.Record.Usage?.Total ?? 0);
        }
    }

    /// <summary>Models of speech and sound that do not stream ignore the wish for it, and answer whole.</summary>
    private static bool Streams(Attempt attempt, HttpResponseMessage answer) => attempt.Exchange.Request.Facts is { Stream: true, Metered: var metered }
        && (metered is null || string.Equals(answer.Content.Headers.ContentType?.MediaType, "text/event-stream", StringComparison.OrdinalIgnoreCase));

    private async Task<AttemptResult> RefusedAsync(Attempt attempt, HttpResponseMessage answer)
    {
        using var body = new PooledBuffer();
        await using var stream = await answer.Content.ReadAsStreamAsync(attempt.Token);
        while (body.Length < MaxErrorBody && await stream.ReadAsync(body.GetMemory(4096), attempt.Token) is var read and > 0)
        {
            body.Advance(read);
        }

        return failures.NotBilled(attempt, attempt.Dialect.ReadFailure((int)answer.StatusCode, answer.Headers, body.WrittenSpan));
    }

    private static AttemptTarget Target(Exchange exchange, ProviderOptions provider, Selection selection)
    {
        var price = exchange.Configuration.Prices.Find(provider, selection.TargetModel);
        var forwarded = ProviderEndpoint.Credential(provider) is CredentialNeed.Own ? null : exchange.Caller.ForwardableToken;
        if (provider.ApiKey is null && forwarded is not null)
        {
            exchange.CredentialBaseUrl ??= ProviderEndpoint.BaseUrl(provider);
        }

        return new AttemptTarget
        {
            Provider = provider,
            Model = selection.TargetModel,
            Credential = provider.ApiKey ?? forwarded,
            OutputCap = TakesCap(exchange.Request.Operation) ? (selection.Hold ?? selection.Capped)?.OutputCap : null,
            ModelMaxOutput = price?.MaxOutput,
            RequestId = exchange.Record.RequestId,
        };
    }

    /// <summary>Whether the request has a member that caps its output. Of embeddings, counts and media the hold covers all there can be.</summary>
    private static bool TakesCap(Operation operation) =>
        operation is Operation.ChatCompletions or Operation.Completions or Operation.Messages or Operation.Responses;

    /// <summary>An attempt that was admitted and will not go out: neither its money nor its place at the provider stays taken.</summary>
    private void GiveBack(Exchange exchange, AttemptRecord record)
    {
        exchange.NotBilled(record);
        record.GivenBack = true;
        _ = grains.GetGrain<IProviderGrain>(record.Selection.Provider).ReleaseAsync(exchange.Record.Operation, record.Number); // one-way
    }

    private AttemptResult.Failed LeftConfiguration(Exchange exchange, AttemptRecord record)
    {
        GiveBack(exchange, record);
        record.Failure = new ProviderFailure(
            FailureClass.ServerFault, null, $"Provider '{record.Selection.Provider}' left the configuration while it was being chosen.");
        return new AttemptResult.Failed(record.Failure, OurCredential: true);
    }

    private static ProviderFailure TimedOut(Attempt attempt) => new(
        FailureClass.Timeout,
        attempt.Record.Status,
        $"No answer within {attempt.Elapsed.TotalSeconds:0.#} s ({(attempt.CutShort ? "routing.failover.deadline" : "timeout")}).");

    private static ProviderFailure Network(Attempt attempt, Exception broken) => new(
        FailureClass.Network, attempt.Record.Status, broken is HttpRequestException http ? Said(http, attempt.Provider) : "The connection broke.");

    private static string Said(HttpRequestException http, ProviderOptions provider) => http.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "The host name does not resolve.",
        HttpRequestError.ConnectionError => "The connection was refused or timed out.",
        HttpRequestError.SecureConnectionError => "The TLS handshake failed.",
        HttpRequestError.ResponseEnded => "The connection was closed before the answer.",
        _ when DeadPath.Ended(http) => $"What was sent was not acknowledged within {provider.ConnectTimeout.TotalSeconds:0.###} s (connect_timeout).",
        _ => "The connection broke before the answer.",
    };

    private static bool IsNetwork(Exception broken) => broken is HttpRequestException or IOException or SocketException;

    private static bool NeverSent(HttpRequestException unreachable) => unreachable.HttpRequestError
        is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
        or HttpRequestError.ProxyTunnelError;
}
