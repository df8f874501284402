using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Infermux.Testing;

namespace Infermux.Cluster.Load;

/// <summary>Callers of one address. Connections are given up after some seconds, as those of many callers would be, so that a balancer keeps spreading them.</summary>
internal sealed class Callers : IDisposable
{
    /// <summary>Longer than the product may make anybody wait.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly HttpClient _client;
    private readonly TimeProvider _time;

    public Callers(Uri address, TimeProvider time)
    {
        _time = time;
        _client = new HttpClient(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 2000,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromSeconds(3),
        })
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>The bearer token that each sends; unset: none.</summary>
    public string Key
    {
        init => _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", value);
    }

    /// <summary>Sends one request and reads it to its end, whatever that is.</summary>
    public async Task<CallRecord> CallAsync(Call call, CancellationToken givingUp)
    {
        var record = new CallRecord { Caller = call.Caller, Model = call.Model, Stream = call.Stream, Due = _time.GetUtcNow(), End = CallEnd.Cut };
        var due = _time.GetTimestamp();
        using var patience = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(givingUp, patience.Token);
        try
        {
            using var request = GatewayProcess.Chat(call.Model, call.Prompt, call.Stream, call.MaxTokens, call.Caller);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            record = record with { Status = (int)response.StatusCode };
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            var first = new byte[1];
            var read = await body.ReadAsync(first, either.Token);
            record = record with { Wait = _time.GetElapsedTime(due) };
            using var rest = new StreamReader(body);
            var text = (read == 0 ? "" : ((char)first[0]).ToString()) + await rest.ReadToEndAsync(either.Token);
            record = Ended(record, response, text);
        }
        catch (OperationCanceledException)
        {
            record = record with { End = givingUp.IsCancellationRequested ? CallEnd.Cancelled : CallEnd.Hung };
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            record = record with { Said = broken.GetBaseException().Message };
        }

        return record with { Took = _time.GetElapsedTime(due) };
    }

    public void Dispose() => _client.Dispose();

    private static CallRecord Ended(CallRecord record, HttpResponseMessage response, string body)
    {
        var cost = Cost(response);
        if (record.Status != 200)
        {
            return Refused(record, body) with { Cost = cost };
        }

        if (!record.Stream)
        {
            return record with { End = CallEnd.Complete, Cost = cost };
        }

        if (body.TrimEnd().EndsWith("data: [DONE]", StringComparison.Ordinal))
        {
            return record with { End = CallEnd.Complete, Cost = cost };
        }

        var error = body.LastIndexOf("data: {\"error\"", StringComparison.Ordinal);
        return error >= 0 ? Refused(record, body[(error + "data: ".Length)..]) with { Cost = cost } : record with { Said = "The stream ended without its end." };
    }

    private static CallRecord Refused(CallRecord record, string body)
    {
        try
        {
            var error = JsonNode.Parse(body)?["error"];
            return record with
            {
                End = CallEnd.Refused,
                Code = error?["code"]?.GetValue<string>(),
                Said = error?["message"]?.GetValue<string>() ?? body,
                Held = error?["reserved_usd"]?.GetValue<decimal>(),
            };
        }
        catch (JsonException)
        {
            return record with { Said = body }; // an error that does not explain itself counts as cut
        }
    }

    private static decimal? Cost(HttpResponseMessage response)
    {
        var headers = response.Headers.TryGetValues("X-Infermux-Cost", out var head) ? head
            : response.TrailingHeaders.TryGetValues("X-Infermux-Cost", out var trailer) ? trailer
            : [];
        return decimal.TryParse(headers.FirstOrDefault(), CultureInfo.InvariantCulture, out var cost) ? cost : null;
    }
}
