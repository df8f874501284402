using System.Buffers;
using System.Net.Sockets;
using Infermux.Core.Failures;
using Infermux.Gateway.Inference.Inbound;
using Infermux.Gateway.Inference.Outbound;
using Infermux.Gateway.Reporting;
using Infermux.Grains.Contracts.Budgets;
using Microsoft.AspNetCore.Http.Features;

namespace Infermux.Gateway.Inference.Attempts;

/// <summary>
/// Brings sound to the caller as it comes, with its content type: of a length nobody knows, and saying nothing about its cost, which the request tells. The
/// first bytes commit it. It is settled before its end; one that breaks off ends without a last chunk, so that nobody takes it for whole.
/// </summary>
internal sealed class BinaryRelay(IAttemptReports reports, AttemptFailures failures, ExchangeSettlement settlement)
{
    private const int ReadSize = 16 << 10;
    private const int MostText = 256 << 10; // of an error in place of sound

    /// <summary>While a caller takes its time (a player takes a second for a second) the provider is not late; Kestrel ends those that take nothing.</summary>
    private static readonly TimeSpan CallersTime = TimeSpan.FromHours(1);

    public async Task<AttemptResult> RelayAsync(Attempt attempt, HttpResponseMessage upstream)
    {
        await using var body = await upstream.Content.ReadAsStreamAsync(attempt.Token);
        if (SaysText(upstream))
        {
            return failures.MayBeBilled(attempt, await NoSoundAsync(attempt, body));
        }

        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            var read = await body.ReadAsync(buffer.AsMemory(0, ReadSize), attempt.Token);
            if (read == 0)
            {
                return failures.MayBeBilled(attempt, new ProviderFailure(FailureClass.ServerFault, attempt.Record.Status, "answered 200 with an empty body"));
            }

            return await CommittedAsync(attempt, upstream, body, buffer, read);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool SaysText(HttpResponseMessage upstream) => upstream.Content.Headers.ContentType?.MediaType is { } type
        && (type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || type.EndsWith("json", StringComparison.OrdinalIgnoreCase));

    /// <summary>An error, or a page, with a status that says otherwise.</summary>
    private static async Task<ProviderFailure> NoSoundAsync(Attempt attempt, Stream body)
    {
        using var text = new PooledBuffer();
        while (text.Length < MostText && await body.ReadAsync(text.GetMemory(4096), attempt.Token) is var read and > 0)
        {
            text.Advance(read);
        }

        using var unused = new PooledBuffer();
        return attempt.Dialect.ReadWhole(attempt.Exchange.Request, attempt.Target, text.WrittenSpan, unused).Failure
            ?? new ProviderFailure(FailureClass.ServerFault, attempt.Record.Status, "answered 200 with a text in place of sound");
    }

    private async Task<AttemptResult> CommittedAsync(Attempt attempt, HttpResponseMessage upstream, Stream body, byte[] buffer, int read)
    {
        var exchange = attempt.Exchange;
        attempt.Record.Latency = attempt.Elapsed;
        exchange.Record.Answer = attempt.Record;
        exchange.Retries?.Answered();
        reports.Succeeded(attempt.Record.Selection, attempt.Elapsed, stream: false);
        var line = AttemptCost.Metered(exchange, attempt.Record, told: null, units: null, serviceTier: null, succeeded: true);
        var (ended, failure) = (false, (ProviderFailure?)null);
        try
        {
            Start(attempt, upstream);
            failure = await CopyAsync(attempt, body, buffer, read);
            ended = failure is null;
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or SocketException or OperationCanceledException)
        {
            failure = WhatBroke(attempt, broken);
        }
        finally // whatever happened, the vendor bills the text it was sent
        {
            exchange.Billed(line with { Succeeded = ended });
            settlement.Settle(exchange);
        }

        if (failure is null)
        {
            return AttemptResult.Answered.Instance;
        }

        var left = failure.Class == FailureClass.ClientGone && !attempt.DrainOver.IsCancellationRequested;
        Break(attempt, failure);
        return left ? new AttemptResult.CallerLeft() : AttemptResult.Answered.Instance;
    }

    private static void Start(Attempt attempt, HttpResponseMessage upstream)
    {
        var response = attempt.Exchange.Http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = upstream.Content.Headers.ContentType?.ToString() ?? "application/octet-stream";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        AnswerHeaders.Decision(response.Headers, attempt);
        AnswerHeaders.Figures(response.Headers, attempt.Record);
    }

    /// <summary>Copies to the end; what the caller did to end it sooner, null for a clean end.</summary>
    private static async Task<ProviderFailure?> CopyAsync(Attempt attempt, Stream body, byte[] buffer, int read)
    {
        var (output, idle) = (attempt.Exchange.Http.Response.Body, attempt.Provider.IdleTimeout);
        while (read > 0)
        {
            attempt.EndAfter(CallersTime);
            try
            {
                await output.WriteAsync(buffer.AsMemory(0, read), attempt.Exchange.CallerGone);
            }
            catch (Exception broken) when (CallerWrites.Broke(broken))
            {
                return Gone(attempt);
            }

            attempt.EndAfter(idle);
            read = await body.ReadAsync(buffer.AsMemory(0, ReadSize), attempt.Token);
        }

        return null;
    }

    private static ProviderFailure Gone(Attempt attempt) => new(FailureClass.ClientGone, attempt.Record.Status, "The caller hung up.");

    private static ProviderFailure WhatBroke(Attempt attempt, Exception broken) => attempt switch
    {
        { CallerLeft: true } => Gone(attempt),
        { DrainOver.IsCancellationRequested: true } => new(
            FailureClass.ClientGone, attempt.Record.Status, "This process is shutting down; its drain (shutdown.drain) is over."),
        _ when broken is OperationCanceledException => new(
            FailureClass.Timeout, attempt.Record.Status, $"No progress for {attempt.Provider.IdleTimeout.TotalSeconds:0.###} s (idle_timeout)."),
        _ => new(FailureClass.BrokenStream, attempt.Record.Status, "The connection broke in the middle of the answer."),
    };

    private void Break(Attempt attempt, ProviderFailure failure)
    {
        if (failure.Class != FailureClass.ClientGone)
        {
            attempt.Record.Failure = failure;
            attempt.Exchange.Record.ErrorCode = failure.Class == FailureClass.Timeout ? "upstream_timeout" : "upstream_error";
            reports.BrokeAfterContent(attempt.Record.Selection, failure);
        }

        attempt.Exchange.Http.Abort();
    }
}
