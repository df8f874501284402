using System.Text.Json;
using System.Text.Json.Serialization;

namespace Infermux.Testing;

/// <summary>
/// <c>/_script</c>, for driving a provider from another process: GET the sums (<c>/requests</c>: the records), PUT the standing behaviour
/// (<c>/listing</c>: that of listings), POST one behaviour or a list for the next requests, DELETE to be calm again with empty books.
/// </summary>
internal sealed class ScriptEndpoint(TruthBook book, BehaviourBook behaviours)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new DurationConverter(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public async Task ServeAsync(HttpContext context, CancellationToken ending)
    {
        var path = context.Request.Path.Value;
        try
        {
            object? answer = (context.Request.Method, path) switch
            {
                ("GET", "/_script/requests") => book.Records(),
                ("GET", "/_script") => book.Snapshot(),
                ("PUT", "/_script/listing") => behaviours.Listing = await ReadAsync<Behaviour>(context, ending),
                ("PUT", "/_script") => behaviours.Standing = await ReadAsync<Behaviour>(context, ending),
                ("POST", "/_script") => await EnqueueAsync(context, ending),
                ("DELETE", "/_script") => Calm(),
                _ => null,
            };
            context.Response.StatusCode = answer is null ? StatusCodes.Status405MethodNotAllowed : StatusCodes.Status200OK;
            await context.Response.WriteAsJsonAsync(answer ?? new { error = "Use GET, PUT, POST or DELETE /_script, GET /_script/requests, PUT /_script/listing." }, Options, ending);
        }
        catch (JsonException bad)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsJsonAsync(new { error = bad.Message }, Options, ending);
        }
    }

    private ProviderTruth Calm()
    {
        behaviours.Calm();
        book.Clear();
        return book.Snapshot();
    }

    private async Task<IReadOnlyList<Behaviour>> EnqueueAsync(HttpContext context, CancellationToken ending)
    {
        var json = await ReadAsync<JsonElement>(context, ending);
        var queued = json.ValueKind == JsonValueKind.Array ? json.Deserialize<List<Behaviour>>(Options)! : [json.Deserialize<Behaviour>(Options)!];
        queued.ForEach(behaviours.Enqueue);
        return queued;
    }

    private static async Task<T> ReadAsync<T>(HttpContext context, CancellationToken ending) =>
        await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Options, ending) ?? throw new JsonException("A behaviour object is expected, not null.");
}
