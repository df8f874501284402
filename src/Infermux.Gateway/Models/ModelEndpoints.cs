using Infermux.Core.Configuration;
using Infermux.Gateway.Inference.Errors;
using Infermux.Gateway.Inference.Inbound;
using Infermux.Gateway.Management;
using Infermux.Grains.Routing;

namespace Infermux.Gateway.Models;

/// <summary><c>GET /v1/models</c> and <c>/v1/models/{id}</c>: the names callers may use here.</summary>
internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/v1/models", (HttpContext http, ICurrentConfiguration configuration, ProviderViews views) =>
            Refuse(http, configuration) ?? ManagementJson.Of(new { @object = "list", data = Names(configuration.Current, views).Select(Model) }));
        endpoints.MapGet("/v1/models/{**id}", (string id, HttpContext http, ICurrentConfiguration configuration, ProviderViews views) =>
            Refuse(http, configuration) ?? (Names(configuration.Current, views).FirstOrDefault(n => string.Equals(n.Key, id, StringComparison.Ordinal)) is { Key: not null } found
                ? ManagementJson.Of(Model(found))
                : ManagementJson.Problem(404, "model_not_found", $"No provider lists model '{Printable.Of(id)}'. GET /v1/models lists what is served.")));
    }

    private static IResult? Refuse(HttpContext http, ICurrentConfiguration configuration)
    {
        try
        {
            CallerIdentity.Read(http.Request, configuration.Current.Options.Auth);
            return null;
        }
        catch (InferenceException refused)
        {
            return ManagementJson.Problem(refused.Refusal.Status, refused.Refusal.Code, refused.Refusal.Message);
        }
    }

    private static object Model(KeyValuePair<string, string> name) =>
        new { id = name.Key, @object = "model", created = 0, owned_by = name.Value };

    /// <summary>Model name to the first provider that serves it: aliases, listed models, and what a provider's own listing told.</summary>
    private static SortedDictionary<string, string> Names(ConfigurationSnapshot snapshot, ProviderViews views)
    {
        var names = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var provider in snapshot.Options.Providers)
        {
            var served = provider.Models ?? views.Find(provider.Name)?.ListedModels ?? snapshot.Prices.KnownModels(provider);
            foreach (var name in served.Concat(provider.ModelAliases.Keys))
            {
                names.TryAdd(name, provider.Name);
            }
        }

        return names;
    }
}
