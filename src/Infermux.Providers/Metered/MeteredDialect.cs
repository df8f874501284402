using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Providers.Failures;
using Infermux.Providers.Json;
using Infermux.Providers.OpenAi;
using Infermux.Providers.Transport;

namespace Infermux.Providers.Metered;

/// <summary>
/// Images, sound, moderations and ranking in OpenAI's shape: request and answer pass through, but for the name of the model in both; what they cost is read in
/// passing.
/// </summary>
/// <param name="endpoint">Addresses and credentials of one kind of provider.</param>
/// <param name="chat">The same kind's dialect for chat, which knows how its health is checked.</param>
/// <param name="time">Only for a <c>Retry-After</c> date in an answer that has no date of its own.</param>
internal sealed class MeteredDialect(OpenAiEndpoint endpoint, IDialect chat, TimeProvider time) : IDialect
{
    /// <inheritdoc/>
    public bool IsPassthrough => true;

    /// <inheritdoc/>
    public bool Serves(Operation operation) => MeteredOperations.Includes(operation);

    /// <inheritdoc/>
    public AbortBilling AbortBilling(ProviderOptions provider) => chat.AbortBilling(provider);

    /// <inheritdoc/>
    public IReadOnlyList<string> DroppedFields(InferenceRequest request, AttemptTarget target) => [];

    /// <inheritdoc/>
    public HttpRequestMessage CreateRequest(InferenceRequest request, AttemptTarget target)
    {
        var ask = request.Facts.Metered!;
        var content = new RequestBodyContent(request.Body, ModelEdit(request, ask, target.Model), ask.ContentType);
        var message = endpoint.Post(request, target, request.Operation, content);
        if (!request.Facts.Stream && ask.Answer != MeteredForm.Json)
        {
            message.Headers.Remove("Accept");
            message.Headers.TryAddWithoutValidation("Accept", "*/*");
        }

        return message;
    }

    /// <inheritdoc/>
    public ProviderFailure ReadFailure(int status, HttpResponseHeaders headers, ReadOnlySpan<byte> body) =>
        FailureReader.Read(status, headers, body, time.GetUtcNow());

    /// <inheritdoc/>
    public WholeAnswer ReadWhole(InferenceRequest request, AttemptTarget target, ReadOnlySpan<byte> body, IBufferWriter<byte> output) =>
        new MeteredAnswer(request, time).Read(body, output);

    /// <inheritdoc/>
    public StreamTranslator CreateStream(InferenceRequest request, AttemptTarget target) => new MeteredStream(request, time);

    /// <inheritdoc/>
    public HttpRequestMessage? CreateHealthCheck(ProviderOptions provider) => chat.CreateHealthCheck(provider);

    private static JsonEdits? ModelEdit(InferenceRequest request, MeteredAsk ask, string model)
    {
        var facts = request.Facts;
        if (facts.ModelValue.Exists && string.Equals(model, facts.Model, StringComparison.Ordinal))
        {
            return null;
        }

        var value = ask.Boundary is { } boundary ? FormValue(model, boundary) : JsonLiteral.Of(model);
        var edits = new JsonEdits();
        if (facts.ModelValue.Exists)
        {
            edits.Replace(facts.ModelValue, value);
        }
        else
        {
            edits.Add(facts.InsertAt, 0, (byte[])[.. Encoding.UTF8.GetBytes(ask.Frame.Before), .. value, .. Encoding.UTF8.GetBytes(ask.Frame.After)]);
        }

        return edits;
    }

    /// <summary>The target's name comes from the operator, the boundary from the caller: one must not end the other's part.</summary>
    private static byte[] FormValue(string model, string boundary) => ModelText.IsName(model) && !model.Contains("--" + boundary, StringComparison.Ordinal)
        ? Encoding.UTF8.GetBytes(model)
        : throw new RequestRefusedException("The form's boundary lies in the name of the model. Choose another boundary.");
}
