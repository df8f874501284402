using System.Net.Http.Headers;
using Infermux.Providers.OpenAi;

namespace Infermux.Providers.Metered;

/// <summary>Reads the body of a request that is passed through, JSON or a form, in passing: what it asks for, and where its model lies.</summary>
public static class MeteredScanner
{
    /// <summary>Finds what routing and money need to know.</summary>
    /// <param name="operation">Which path it came in by.</param>
    /// <param name="body">The whole body.</param>
    /// <param name="contentType">The <c>Content-Type</c> it came with; null: none.</param>
    /// <param name="pathModel">The model that the path names, for a body that names none; null: it names none either.</param>
    /// <param name="maxDepth">Most levels of nesting; <c>limits.max_json_depth</c>.</param>
    /// <exception cref="RequestRefusedException">
    /// The body is neither JSON nor a form as the operation takes it, could be read in two ways, or lacks what Infermux reads.
    /// </exception>
    public static RequestFacts Scan(Operation operation, ReadOnlySpan<byte> body, string? contentType, string? pathModel, int maxDepth)
    {
        var facts = IsForm(contentType, out var type)
            ? FormAsk.Read(operation, body, type, contentType!)
            : JsonRead(operation, body, maxDepth);
        if (facts.Model.Length > 0)
        {
            return facts;
        }

        var model = pathModel ?? (operation == Operation.Moderations ? MeteredOperations.DefaultModerationModel : null);
        return model is not null && ModelText.IsName(model)
            ? facts with { Model = model }
            : throw new RequestRefusedException("The field 'model' is missing. Add it.", "model");
    }

    private static RequestFacts JsonRead(Operation operation, ReadOnlySpan<byte> body, int maxDepth) => MeteredOperations.TakesJson(operation)
        ? JsonAsk.Read(operation, body, RequestScanner.Scan(operation, body, maxDepth))
        : throw new RequestRefusedException(
            "This path takes a form. Send 'Content-Type: multipart/form-data; boundary=…' with the fields 'model' and 'file' (or 'image').");

    private static bool IsForm(string? contentType, out MediaTypeHeaderValue type)
    {
        type = null!;
        return contentType is not null && contentType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase)
            && (MediaTypeHeaderValue.TryParse(contentType, out type!)
                ? true
                : throw new RequestRefusedException("The Content-Type cannot be read. Send 'multipart/form-data; boundary=…' with the boundary of the body."));
    }
}
