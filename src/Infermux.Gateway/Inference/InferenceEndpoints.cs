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
        Map("/v1/images/generations", Operation.ImageGenerations);
        Map("/v1/images/edits", Operation.ImageEdits);
        Map("/v1/images/variations", Operation.ImageVariations);
        Map("/v1/audio/speech", Operation.Speech);
        Map("/v1/audio/transcriptions", Operation.Transcriptions);
        Map("/v1/audio/translations", Operation.Translations);
        Map("/v1/moderations", Operation.Moderations);
        Map("/v1/rerank", Operation.Rerank);

        // Azure's paths. Its client libraries name the model in the body too, users of its REST interface do not: then the deployment is the model.
        // api-version is theirs to say and nothing here depends on it.
        Map($"/openai/deployments/{{{InferencePipeline.ModelOfPath}}}/chat/completions", Operation.ChatCompletions);
        Map($"/openai/deployments/{{{InferencePipeline.ModelOfPath}}}/completions", Operation.Completions);
        Map($"/openai/deployments/{{{InferencePipeline.ModelOfPath}}}/embeddings", Operation.Embeddings);
        Map($"/openai/deployments/{{{InferencePipeline.ModelOfPath}}}/images/generations", Operation.ImageGenerations);
        Map($"/openai/deployments/{{{InferencePipeline.ModelOfPath}}}/images/edits", Operation.ImageEdits);
        Map($"/openai/deployments/{{{InferencePipeline.ModelOfPath}}}/audio/speech", Operation.Speech);
        Map($"/openai/deployments/{{{InferencePipeline.ModelOfPath}}}/audio/transcriptions", Operation.Transcriptions);
        Map($"/openai/deployments/{{{InferencePipeline.ModelOfPath}}}/audio/translations", Operation.Translations);
    }
}
