using Infermux.Providers;

namespace Infermux.Gateway.Inference;

/// <summary>The OpenAI paths that providers answer.</summary>
internal static class InferenceEndpoints
{
    public static void MapInference(this IEndpointRouteBuilder endpoints)
    {
        var pipeline = endpoints.ServiceProvider.GetRequiredService<InferencePipeline>();
        endpoints.MapPost("/v1/chat/completions", (RequestDelegate)(http => pipeline.HandleAsync(http, Operation.ChatCompletions)));
        endpoints.MapPost("/v1/completions", (RequestDelegate)(http => pipeline.HandleAsync(http, Operation.Completions)));
        endpoints.MapPost("/v1/embeddings", (RequestDelegate)(http => pipeline.HandleAsync(http, Operation.Embeddings)));
    }
}
