using Infermux.Core.Configuration;
using Infermux.Core.Routing;
using Infermux.Gateway.Inference.Errors;
using Infermux.Gateway.Inference.Inbound;
using Infermux.Gateway.Management;
using Infermux.Grains.Routing;

namespace Infermux.Gateway.Models;

/// <summary>
/// <c>GET /v1/models</c> and <c>/v1/models/{id}</c>: the names callers may use here, in OpenAI's shape, or in Anthropic's for who sends
/// <c>anthropic-version</c>.
/// </summary>
internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/v1/models", (HttpContext http, ICurrentConfiguration configuration, ProviderViews views) =>
            Refuse(http, configuration) ?? List(http, configuration.Current, Served(configuration.Current, views)));
        endpoints.MapGet("/v1/models/{**id}", (string id, HttpContext http, ICurrentConfiguration configuration, ProviderViews views) =>
            Refuse(http, configuration) ?? (Served(configuration.Current, views).FirstOrDefault(m => string.Equals(m.Name, id, StringComparison.Ordinal)) is { Name: not null } found
                ? IsAnthropic(http) ? ManagementJson.Of(AnthropicModel.Of(found, configuration.Current)) : ManagementJson.Of(Model(found))
                : Problem(http, 404, "model_not_found", $"No provider lists model '{Printable.Of(id)}'. GET /v1/models lists what is served.")));
    }

    private static IResult List(HttpContext http, ConfigurationSnapshot snapshot, IReadOnlyList<ServedModel> served)
    {
        if (!IsAnthropic(http))
        {
            return ManagementJson.Of(new { @object = "list", data = served.Select(Model) });
        }

        return AnthropicModelPage.TryRead(http.Request.Query, served, out var page, out var problem)
            ? ManagementJson.Of(page.Write(snapshot))
            : AnthropicProblem.Of(http, 400, "invalid_request", problem);
    }

    private static bool IsAnthropic(HttpContext http) => http.Request.Headers.ContainsKey("anthropic-version");

    private static IResult Problem(HttpContext http, int status, string code, string message) =>
        IsAnthropic(http) ? AnthropicProblem.Of(http, status, code, message) : ManagementJson.Problem(status, code, message);

    private static IResult? Refuse(HttpContext http, ICurrentConfiguration configuration)
    {
        try
        {
            CallerIdentity.Read(http.Request, configuration.Current.Options.Auth);
            return null;
        }
        catch (InferenceException refused)
        {
            return Problem(http, refused.Refusal.Status, refused.Refusal.Code, refused.Refusal.Message);
        }
    }

    private static object Model(ServedModel model) => new { id = model.Name, @object = "model", created = 0, owned_by = model.Provider };

    /// <summary>The same names that routing goes by, so that what is listed is served.</summary>
    private static IReadOnlyList<ServedModel> Served(ConfigurationSnapshot snapshot, ProviderViews views) =>
        new RoutingTable(snapshot.Options, RoutingPrices.Of(snapshot.Prices)).ServedModels(views.States(snapshot.Options.Providers));
}
