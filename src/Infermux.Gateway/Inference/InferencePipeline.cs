using Infermux.Core.Configuration;
using Infermux.Gateway.Inference.Attempts;
using Infermux.Gateway.Inference.Errors;
using Infermux.Gateway.Inference.Inbound;
using Infermux.Gateway.Requests;
using Infermux.Providers;
using Infermux.Providers.Metered;
using Infermux.Providers.OpenAi;

namespace Infermux.Gateway.Inference;

/// <summary>One inference request from its first byte to its last: read, served by <see cref="FailoverLoop"/>, settled, published.</summary>
internal sealed partial class InferencePipeline(
    ICurrentConfiguration configuration,
    ActiveRequests active,
    BodyMemory bodyMemory,
    FailoverLoop failover,
    ExchangeSettlement settlement,
    RefusalWriter refusals,
    IRequestEvents events,
    TimeProvider time,
    ILogger<InferencePipeline> logger)
{
    /// <summary>The part of a path that names the model.</summary>
    public const string ModelOfPath = "deployment";

    public async Task HandleAsync(HttpContext http, Operation operation)
    {
        var startedAt = time.GetTimestamp();
        var snapshot = configuration.Current;
        var record = NewRecord(http, operation, snapshot);
        http.Response.Headers["X-Request-Id"] = record.RequestId;
        if (AnthropicInbound.Is(operation))
        {
            http.Response.Headers["request-id"] = record.RequestId;
        }

        Exchange? exchange = null;
        RequestBody? body = null;
        active.Began();
        try
        {
            if (active.IsDraining)
            {
                LeaveConnection(http);
            }

            var caller = Identify(http, record, snapshot.Options.Auth);
            body = await RequestBody.ReadAsync(http.Request, snapshot.Options.Limits.MaxBody, bodyMemory, http.RequestAborted);
            exchange = new Exchange(http, snapshot, record, caller, Scan(http, operation, body, record, snapshot.Options.Limits));
            await failover.ServeAsync(exchange);
        }
        catch (InferenceException refused)
        {
            await refusals.WriteAsync(http, record, refused.Refusal, exchange?.Events);
        }
        catch (Exception gone) when (http.RequestAborted.IsCancellationRequested && gone is OperationCanceledException or IOException)
        {
            record.Status = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception failed)
        {
            LogFailed(failed, record.RequestId);
            await FailAsync(http, record, exchange);
        }
        finally
        {
            End(exchange, body, record, startedAt);
        }
    }

    /// <summary>This process is draining: the next request of this connection should find another one.</summary>
    private static void LeaveConnection(HttpContext http)
    {
        if (!HttpProtocol.IsHttp2(http.Request.Protocol) && !HttpProtocol.IsHttp3(http.Request.Protocol))
        {
            http.Response.Headers.Connection = "close";
        }
    }

    /// <summary>A fault of our own: the caller gets an id and no inside, the log has the rest.</summary>
    private async Task FailAsync(HttpContext http, RequestRecord record, Exchange? exchange)
    {
        if (http.Response.HasStarted && exchange?.Events is not { Started: true })
        {
            http.Abort(); // half an answer must not look whole
            return;
        }

        await refusals.WriteAsync(http, record, Refusals.Internal(record.RequestId), exchange?.Events);
    }

    private void End(Exchange? exchange, RequestBody? body, RequestRecord record, long startedAt)
    {
        try
        {
            if (exchange is not null)
            {
                settlement.Settle(exchange);
            }
        }
        finally // a journal that fails must cost no memory and no drain
        {
            exchange?.Events?.Dispose();
            body?.Dispose();
            record.Duration = time.GetElapsedTime(startedAt);
            events.Completed(record);
            active.Finished();
        }
    }

    private RequestRecord NewRecord(HttpContext http, Operation operation, ConfigurationSnapshot snapshot)
    {
        var now = time.GetUtcNow();
        var id = OperationId.New(now);
        var sent = http.Request.Headers["X-Request-Id"].ToString();
        return new RequestRecord
        {
            RequestId = sent.Length > 0 && Printable.IsName(sent) ? sent : $"req_{id:N}",
            Operation = id,
            StartedAt = now,
            Kind = operation,
            ConfigurationHash = snapshot.Hash,
        };
    }

    private static CallerIdentity Identify(HttpContext http, RequestRecord record, AuthOptions auth)
    {
        var caller = CallerIdentity.Read(http.Request, auth);
        (record.Caller, record.Project, record.Env) = (caller.Caller, caller.Project, caller.Env);
        return caller;
    }

    private static InferenceRequest Scan(HttpContext http, Operation operation, RequestBody body, RequestRecord record, LimitsOptions limits)
    {
        try
        {
            var named = NamedBy(http.Request);
            var facts = MeteredOperations.Includes(operation)
                ? MeteredScanner.Scan(operation, body.Bytes.Span, http.Request.ContentType, named, limits.MaxJsonDepth)
                : RequestScanner.Scan(operation, body.Bytes.Span, limits.MaxJsonDepth, named);
            (record.Model, record.Stream) = (facts.Model, facts.Stream);
            return new InferenceRequest(operation, body.Bytes, facts) { Anthropic = AnthropicInbound.Is(operation) ? AnthropicInbound.Headers(http.Request) : null };
        }
        catch (RequestRefusedException refused)
        {
            throw Refusals.Refused(refused);
        }
    }

    // The server leaves escaped slashes of a path as they are.
    private static string? NamedBy(HttpRequest request) =>
        (request.RouteValues.GetValueOrDefault(ModelOfPath) as string)?.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    [LoggerMessage(Level = LogLevel.Error, Message = "request {RequestId} failed inside Infermux")]
    private partial void LogFailed(Exception failed, string requestId);
}
