using Infermux.Core.Configuration;
using Infermux.Core.Configuration.Keys;
using Infermux.Core.Routing;
using Infermux.Gateway.Inference.Inbound;
using Infermux.Grains.Contracts.Routing;
using Infermux.Providers.Metered;

namespace Infermux.Gateway.Inference.Errors;

/// <summary>What a caller is told whose model is served, but by nobody who has what is asked of it.</summary>
internal static class UnsupportedOperation
{
    /// <summary>Null where that is not what held everybody back.</summary>
    public static Refusal? Refusal(Exchange exchange, Selection selection)
    {
        if (selection.Outcome != SelectionOutcome.ModelNotFound || selection.Candidates.Count == 0 || MeteredOperations.RoutedAs(exchange.Request.Operation) is not { } operation
            || !selection.Candidates.All(static candidate => string.Equals(candidate.Verdict, Verdict.OperationUnsupported.Word(), StringComparison.Ordinal)))
        {
            return null;
        }

        var model = selection.ModelOverride ?? exchange.Request.Facts.Model;
        var served = string.Join(", ", selection.Candidates.Select(candidate => exchange.FindProvider(candidate.Provider) is { } provider
            ? $"{provider.Name} (type {ConfigWords.Of(provider.Type)})"
            : candidate.Provider));
        var types = string.Join(", ", OperationSupport.TypesWith(operation).Select(static type => ConfigWords.Of(type)));
        var compatible = operation is RoutedOperation.Rerank ? " with a base_url other than OpenAI's own, which has no ranking" : "";
        return new Refusal(
            StatusCodes.Status400BadRequest,
            "unsupported",
            $"Model '{model}' is served by {served}, where {Printable.Of(exchange.Http.Request.Path)} does not exist. Provider types that serve it: "
            + $"{types}{compatible}. Name a model of such a provider, or add one to infermux.yml.")
        { Param = "model", Retryable = false };
    }
}
