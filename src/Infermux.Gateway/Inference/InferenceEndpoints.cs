using Infermux.Gateway.Hosting;
using Infermux.Providers;

namespace Infermux.Gateway.Inference;

/// <summary>The paths that providers answer.</summary>
internal static class InferenceEndpoints
{
    public static void MapInference(this IEndpointRouteBuilder endpoints)
    {
        var pipeline = endpoints.ServiceProvider.GetRequiredService<InferencePipeline>();
        void Map(string path, Operation operation) =>
            endpoints.MapPost(path, (RequestDelegate)(http => pipeline.HandleAsync(http, operation))).WithMetadata(ErrorEnvelope.WritesOwnErrors);

        Map("/v1/chat/completions", Operation.ChatCompletions);
        Map("/v1/completions", Operation.Completions);
        Map("/v1/embeddings", Operation.Embeddings);
        Map("/v1/messages", Operation.Messages);
        Map("/v1/messages/count_tokens", Operation.CountTokens);
        endpoints.MapResponses(pipeline);

        // The paths of Azure's own client libraries, which name the model in the body too; api-version is theirs to say and nothing here depends on it.
        Map("/openai/deployments/{deployment}/chat/completions", Operation.ChatCompletions);
        Map("/openai/deployments/{deployment}/completions", Operation.Completions);
        Map("/openai/deployments/{deployment}/embeddings", Operation.Embeddings);
    }
}
