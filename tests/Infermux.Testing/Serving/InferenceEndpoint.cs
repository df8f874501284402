using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Infermux.Testing;

/// <summary>Serves inference requests: reads, books, decides, plays, bills.</summary>
internal sealed class InferenceEndpoint(ScriptedProviderOptions options, TruthBook book, BehaviourBook behaviours)
{
    private static readonly IReadOnlyDictionary<string, string> NoHeaders = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    public async Task ServeAsync(HttpContext context, Route route, CancellationToken ending)
    {
        var format = Formats.For(route.Kind);
        var bytes = await InboundReader.BodyAsync(context.Request, ending);
        var body = await InboundReader.ParseAsync(context.Request, bytes, ending);
        var entry = Begin(context, route, bytes, body);
        var behaviour = behaviours.Next(Facts(entry.Record, bytes));
        var call = new Call { Route = route, Body = body ?? default, Model = entry.Record.Model, Stream = entry.Record.Stream };
        var exchange = new Exchange(context, entry, call, Composer.Compose(call, behaviour, options, entry.Record.Number), behaviour, format) { Ending = ending };
        var ended = new Ended(RequestOutcome.Broken);
        try
        {
            if (body is { } json && behaviour.Status is null)
            {
                exchange = Understood(exchange, json);
            }

            ended = await AnswerAsync(exchange, body is not null);
        }
        catch (BadCallException bad)
        {
            ended = await RefuseAsync(exchange, bad.Status, bad.Code, format.Error(bad.Status, bad.Code, bad.Message, bad.Param));
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            ended = new Ended(RequestOutcome.Cancelled);
        }
        finally
        {
            var billed = Bill.Of(exchange, ended, options.AbortRule);
            var price = options.Prices.GetValueOrDefault(entry.Record.Model) ?? options.DefaultPrice;
            book.End(entry, ended.Outcome, context.Response.HasStarted || entry.Record.BytesSent > 0 ? context.Response.StatusCode : 0, billed, price.Cost(billed));
            await LeaveAsync(context, ended);
        }
    }

    // Only now may the caller see the end: what it has is in the books.
    private static async Task LeaveAsync(HttpContext context, Ended ended)
    {
        if (ended.Reset)
        {
            context.Abort();
        }
        else if (ended.Outcome != RequestOutcome.Cancelled)
        {
            await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
        }
    }

    private async Task<Ended> AnswerAsync(Exchange exchange, bool isJson)
    {
        var behaviour = exchange.Behaviour;
        if (behaviour.HeadDelay > TimeSpan.Zero)
        {
            await Task.Delay(behaviour.HeadDelay, options.Time, exchange.Ending);
        }

        SetHeaders(exchange);
        if (behaviour.Status is { } status)
        {
            return await RefuseAsync(exchange, status, behaviour.ErrorCode, behaviour.Body ?? exchange.Format.Error(status, behaviour.ErrorCode, Faults.Message(exchange)));
        }

        if (!isJson)
        {
            throw new BadCallException(400, "We could not parse the JSON body of your request.");
        }

        return behaviour.Fault switch
        {
            Fault.ResetAfterRequest => new Ended(RequestOutcome.Broken, Reset: true),
            Fault.StallBeforeHead => await StallAsync(exchange.Ending),
            Fault.Html => await PageAsync(exchange, Faults.HtmlPage, "text/html; charset=utf-8"),
            Fault.EmptyBody => await PageAsync(exchange, "", "application/json"),
            _ when behaviour.Bytes is { } bytes => await PageAsync(exchange, bytes, behaviour.BodyType),
            _ when behaviour.Body is not null => await PageAsync(exchange, behaviour.Body, behaviour.BodyType),
            _ => await PlayAsync(exchange),
        };
    }

    private Exchange Understood(Exchange exchange, JsonElement body)
    {
        var call = exchange.Format.Read(exchange.Call.Route, body, exchange.Context.Request.Headers);
        if (options.ApiKey is { } key && !string.Equals(InboundReader.Credential(exchange.Context.Request.Headers), key, StringComparison.Ordinal))
        {
            throw exchange.Format.WrongKey();
        }

        if (options.Models is { } models && !models.Contains(call.Model, StringComparer.Ordinal))
        {
            throw new BadCallException(404, $"The model `{call.Model}` does not exist or you do not have access to it.", "model");
        }

        return exchange with { Call = call, Answer = Composer.Compose(call, exchange.Behaviour, options, exchange.Entry.Record.Number) };
    }

    private Task<Ended> PlayAsync(Exchange exchange)
    {
        var writer = new BodyWriter(exchange, book, options.Time);
        exchange.Context.Response.ContentType = exchange.Call.Stream ? exchange.Format.StreamType : exchange.Format.WholeType(exchange.Call);
        return exchange.Call.Stream
            ? new StreamPlayer(exchange, writer, options.Time).PlayAsync()
            : new WholePlayer(exchange, writer, options.Time).PlayAsync();
    }

    private async Task<Ended> RefuseAsync(Exchange exchange, int status, string? code, string body)
    {
        exchange.Context.Response.StatusCode = status;
        foreach (var (name, value) in exchange.Format.ErrorHeaders(status, code))
        {
            exchange.Context.Response.Headers.TryAdd(name, value);
        }

        await PageAsync(exchange, body, exchange.Behaviour.Body is null ? "application/json" : exchange.Behaviour.BodyType);
        return new Ended(status is >= 200 and < 300 ? RequestOutcome.Broken : RequestOutcome.Refused);
    }

    private Task<Ended> PageAsync(Exchange exchange, string body, string type) => PageAsync(exchange, Encoding.UTF8.GetBytes(body), type);

    private async Task<Ended> PageAsync(Exchange exchange, ReadOnlyMemory<byte> bytes, string type)
    {
        exchange.Context.Response.ContentType = type;
        exchange.Context.Response.ContentLength = bytes.Length;
        await new BodyWriter(exchange, book, options.Time).BytesAsync(bytes, content: false, last: true);
        return new Ended(RequestOutcome.Broken);
    }

    private async Task<Ended> StallAsync(CancellationToken ending)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, options.Time, ending);
        return new Ended(RequestOutcome.Broken);
    }

    private void SetHeaders(Exchange exchange)
    {
        var headers = exchange.Context.Response.Headers;
        headers["x-request-id"] = $"req_{options.Name}_{exchange.Entry.Record.Number.ToString(CultureInfo.InvariantCulture)}";
        foreach (var (name, value) in exchange.Behaviour.Headers)
        {
            headers[name] = HeaderValue.Expand(value, options.Time.GetUtcNow());
        }
    }

    private RequestEntry Begin(HttpContext context, Route route, byte[] bytes, JsonElement? body) => book.Begin(
        new RequestRecord
        {
            Number = book.NextNumber(),
            Caller = InboundReader.Caller(bytes, context.Request.Headers),
            RequestId = context.Request.Headers["x-request-id"].ToString() is { Length: > 0 } id ? id : null,
            Operation = route.Kind.ToString(),
            Path = context.Request.Path + context.Request.QueryString,
            Model = body?.String("model") ?? route.Deployment ?? "",
            Stream = route.Kind is CallKind.StreamGenerateContent or CallKind.ConverseStream || (body?.Flag("stream") ?? false),
            Connection = context.Connection.Id,
            Headers = options.KeepBodies
                ? context.Request.Headers.ToDictionary(static header => header.Key, static header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)
                : NoHeaders,
            Body = options.KeepBodies ? Encoding.UTF8.GetString(bytes) : "",
            Bytes = options.KeepBodies ? bytes : [],
            Started = options.Time.GetUtcNow(),
            Outcome = RequestOutcome.InFlight,
        },
        bytes.Length);

    private static ScriptedRequest Facts(RequestRecord record, byte[] bytes) =>
        new(record.Number, record.Caller, record.Model, record.Stream, record.RequestId, Encoding.UTF8.GetString(bytes));
}
