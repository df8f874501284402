using System.Text;

namespace Infermux.Testing;

/// <summary>Serves model listings, which is what health checks ask for. Counted apart from inference.</summary>
internal sealed class ListingEndpoint(ScriptedProviderOptions options, TruthBook book, BehaviourBook behaviours)
{
    public async Task ServeAsync(HttpContext context, Route route, CancellationToken ending)
    {
        book.Listed();
        var behaviour = behaviours.Listing;
        if (behaviour.HeadDelay > TimeSpan.Zero)
        {
            await Task.Delay(behaviour.HeadDelay, options.Time, ending);
        }

        switch (behaviour.Fault)
        {
            case Fault.None:
                break;
            case Fault.Html:
                await WriteAsync(context, 200, Faults.HtmlPage, "text/html", ending);
                return;
            case Fault.StallBeforeHead or Fault.StallBeforeContent:
                await Task.Delay(Timeout.InfiniteTimeSpan, options.Time, ending);
                return;
            default:
                context.Abort();
                return;
        }

        var anthropic = context.Request.Headers.ContainsKey("anthropic-version");
        var wrongKey = options.ApiKey is { } key && !string.Equals(InboundReader.Credential(context.Request.Headers), key, StringComparison.Ordinal);
        var format = Formats.For(anthropic ? CallKind.Messages : route.Kind == CallKind.GeminiModels ? route.Kind : CallKind.ChatCompletions);
        var refusal = wrongKey && route.Kind != CallKind.OllamaTags ? format.WrongKey() : null;
        var status = behaviour.Status ?? refusal?.Status ?? 200;
        var body = behaviour.Body ?? (status == 200 ? List(route, anthropic) : format.Error(status, behaviour.ErrorCode ?? refusal?.Code, $"Listing refused by '{options.Name}'."));
        foreach (var (name, value) in behaviour.Headers)
        {
            context.Response.Headers[name] = HeaderValue.Expand(value, options.Time.GetUtcNow());
        }

        await WriteAsync(context, status, body, behaviour.BodyType, ending);
    }

    private string List(Route route, bool anthropic)
    {
        var models = options.Models ?? ["scripted-model"];
        return route.Kind == CallKind.OllamaTags ? $$"""{"models":[{{Each(models, static m => $$$"""{"name":{{{m}}},"model":{{{m}}},"modified_at":"2026-01-01T00:00:00Z","size":1,"digest":"00","details":{"family":"scripted"}}""")}}]}"""
            : route.Kind == CallKind.GeminiModels ? $$"""{"models":[{{string.Join(',', models.Select(static m => $$"""{"name":{{Json.Text("models/" + m)}},"supportedGenerationMethods":["generateContent","embedContent"]}"""))}}]}"""
            : anthropic ? $$"""{"data":[{{Each(models, static m => $$"""{"type":"model","id":{{m}},"display_name":{{m}},"created_at":"2026-01-01T00:00:00Z"}""")}}],"has_more":false,"first_id":{{Json.Text(models[0])}},"last_id":{{Json.Text(models[^1])}}}"""
            : $$"""{"object":"list","data":[{{Each(models, static m => $$"""{"id":{{m}},"object":"model","created":1767225600,"owned_by":"scripted"}""")}}]}""";
    }

    private static string Each(IEnumerable<string> models, Func<string, string> one) => string.Join(',', models.Select(Json.Text).Select(one));

    private static async Task WriteAsync(HttpContext context, int status, string body, string type, CancellationToken ending)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body), ending);
    }
}
