using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Gateway.Inference.Errors;
using Infermux.Gateway.Inference.Inbound;
using Infermux.Gateway.Inference.Outbound;
using Infermux.Gateway.Reporting;
using Infermux.Providers;

namespace Infermux.Gateway.Inference.Attempts;

/// <summary>
/// Brings one streamed answer to the caller. Until the first content everything is held back, so that another provider may still answer; from then on
/// the answer is committed, and whatever breaks is told in the stream.
/// </summary>
internal sealed class StreamRelay(IAttemptReports reports, AttemptFailures failures, StreamEnd streamEnd, HoldExtension extension, TimeProvider time)
{
    private const int ReadSize = 16 << 10;

    /// <summary>Comments and pings keep a stream alive for this long in all (the reason: providers keep stalled streams warm with them).</summary>
    private static readonly TimeSpan AliveLimit = TimeSpan.FromMinutes(5);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptResult> RelayAsync(Attempt attempt, HttpResponseMessage upstream)
    {
        await using var body = await upstream.Content.ReadAsStreamAsync(attempt.Token);
        using var output = new PooledBuffer();
        var stream = attempt.Dialect.CreateStream(attempt.Exchange.Request, attempt.Target);
        if (attempt.Exchange.HeldBy is not null)
        {
            attempt.Exchange.Streams(RunningCost.Of(attempt, stream));
        }

        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            if (await UntilContentAsync(attempt, stream, body, buffer, output) is { } failure)
            {
                return failures.MayBeBilled(attempt, failure);
            }

            return await CommittedAsync(attempt, stream, body, buffer, output) ? AttemptResult.Answered.Instance : new AttemptResult.CallerLeft();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads until the first content, or a clean end without any; returns what went wrong before it.</summary>
    private static async Task<ProviderFailure?> UntilContentAsync(
        Attempt attempt, StreamTranslator stream, Stream body, byte[] buffer, PooledBuffer output)
    {
        while (true)
        {
            var progress = await StepAsync(attempt, stream, body, buffer, output);
            if ((progress & (StreamProgress.Content | StreamProgress.Ended)) != StreamProgress.None)
            {
                return null;
            }

            if (stream.Failure is { } failure)
            {
                return failure;
            }
        }
    }

    /// <summary>False where the caller left before it was told the end.</summary>
    private async Task<bool> CommittedAsync(Attempt attempt, StreamTranslator stream, Stream body, byte[] buffer, PooledBuffer output)
    {
        var exchange = attempt.Exchange;
        Commit(attempt);
        await using var heartbeat = StartHeartbeat(exchange);
        ProviderFailure? failure;
        try
        {
            failure = await UntilEndAsync(attempt, stream, body, buffer, output);
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or SocketException or OperationCanceledException)
        {
            failure = WhatBroke(attempt, broken);
        }
        catch (Exception)
        {
            StreamEnd.BillAtWhatCame(attempt, stream); // a fault of ours, told further up; the vendor bills what it sent
            throw;
        }

        return await streamEnd.EndAsync(attempt, stream, failure, output);
    }

    private void Commit(Attempt attempt)
    {
        attempt.Record.Latency = attempt.Elapsed;
        attempt.Exchange.Record.Answer = attempt.Record;
        attempt.Exchange.Retries?.Answered();
        reports.Succeeded(attempt.Record.Selection, attempt.Elapsed, stream: true);
        if (attempt.Exchange.Events is not null)
        {
            return;
        }

        AnswerHeaders.Decision(attempt.Exchange.Http.Response.Headers, attempt);
        attempt.Exchange.Events = new SseResponse(attempt.Exchange.Http.Response, ErrorForm.Of(attempt.Exchange.Record.Kind));
        attempt.Exchange.Events.Start();
    }

    /// <summary>Relays until the stream's end; returns what broke it, null for a clean end.</summary>
    private async Task<ProviderFailure?> UntilEndAsync(
        Attempt attempt, StreamTranslator stream, Stream body, byte[] buffer, PooledBuffer output)
    {
        var idle = attempt.Provider.IdleTimeout;
        var lastProgress = time.GetTimestamp();
        var hold = StreamHold.Of(attempt, stream);
        attempt.EndAfter(idle);
        while (true)
        {
            if (hold is { IsPassed: true } && !attempt.CallerLeft && await extension.ExtendAsync(attempt, hold) is { } refusal)
            {
                return await StopAsync(attempt, refusal, body);
            }

            await WriteAsync(attempt, output);
            if (stream.Ended || stream.Failure is not null)
            {
                return stream.Failure;
            }

            var progress = await StepAsync(attempt, stream, body, buffer, output);
            if (attempt.CallerLeft)
            {
                continue; // read on for the bill alone, under its own limit
            }

            if ((progress & (StreamProgress.Content | StreamProgress.Progress)) != StreamProgress.None)
            {
                lastProgress = time.GetTimestamp();
                attempt.EndAfter(idle);
            }
            else if ((progress & StreamProgress.Alive) != StreamProgress.None)
            {
                var left = AliveLimit - time.GetElapsedTime(lastProgress);
                attempt.EndAfter(left < idle ? left : idle);
            }
        }
    }

    /// <summary>Hangs up on the provider before the caller is told, so that a slow caller costs nothing.</summary>
    private static async Task<ProviderFailure> StopAsync(Attempt attempt, Refusal refusal, Stream body)
    {
        attempt.Stopped = refusal;
        await body.DisposeAsync();
        return new ProviderFailure(FailureClass.ClientGone, attempt.Record.Status, refusal.Message);
    }

    private static async ValueTask<StreamProgress> StepAsync(
        Attempt attempt, StreamTranslator stream, Stream body, byte[] buffer, PooledBuffer output)
    {
        var read = await body.ReadAsync(buffer.AsMemory(0, ReadSize), attempt.Token);
        return read == 0 ? stream.EndOfBody(output) : stream.Push(buffer.AsSpan(0, read), output);
    }

    private async ValueTask WriteAsync(Attempt attempt, PooledBuffer output)
    {
        if (!attempt.CallerLeft)
        {
            try
            {
                await attempt.Exchange.Events!.WriteAsync(output.Written, time.GetTimestamp(), attempt.Exchange.CallerGone);
            }
            catch (Exception broken) when (CallerWrites.Broke(broken))
            {
                attempt.Exchange.Http.Abort(); // the caller has left, and the attempt learns it by its token; whether it is read on is decided there
            }
        }

        output.Clear();
    }

    private static ProviderFailure? WhatBroke(Attempt attempt, Exception broken)
    {
        if (attempt.CallerLeft)
        {
            return new ProviderFailure(FailureClass.ClientGone, attempt.Record.Status, "The caller hung up.");
        }

        if (attempt.DrainOver.IsCancellationRequested)
        {
            return new ProviderFailure(FailureClass.ClientGone, attempt.Record.Status, "This process is shutting down; its drain (shutdown.drain) is over.");
        }

        return broken is OperationCanceledException
            ? new ProviderFailure(
                FailureClass.Timeout, attempt.Record.Status, $"No progress for {attempt.Provider.IdleTimeout.TotalSeconds:0.###} s (idle_timeout).")
            : new ProviderFailure(FailureClass.BrokenStream, attempt.Record.Status, "The connection broke in the middle of the stream.");
    }

    private Heartbeat? StartHeartbeat(Exchange exchange)
    {
        StreamOptions options = exchange.Configuration.Options.Stream;
        return options.Heartbeat > TimeSpan.Zero && options.EarlyHeartbeat is null
            ? new Heartbeat(exchange.Events!, options.Heartbeat, time, exchange.CallerGone)
            : null;
    }
}
