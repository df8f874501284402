using System.Buffers;
using Infermux.Gateway.Requests;
using Infermux.Providers;
using Infermux.Providers.Metered;

namespace Infermux.Gateway.Inference.Errors;

/// <summary>How the gateway's own words look in one inbound dialect: an error as a body, an error inside a stream, and a sign of life.</summary>
internal abstract class ErrorForm
{
    /// <summary>The form that callers of this path expect.</summary>
    public static ErrorForm Of(Operation operation) => operation switch
    {
        Operation.ChatCompletions or Operation.Completions or Operation.Embeddings => OpenAiErrorForm.Instance,
        Operation.Messages or Operation.CountTokens => AnthropicErrorForm.Instance,
        Operation.Responses => ResponsesErrorForm.Instance,
        _ when MeteredOperations.Includes(operation) => OpenAiErrorForm.Instance,
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "An operation without a form of errors."),
    };

    /// <summary>Written into a stream after each silence; no client takes it for content.</summary>
    public abstract ReadOnlySpan<byte> Heartbeat { get; }

    /// <summary>Writes the body of an error answer.</summary>
    public abstract void WriteBody(IBufferWriter<byte> output, Refusal refusal, RequestRecord record);

    /// <summary>Writes the event that ends a stream with an error, at which official SDKs raise.</summary>
    public abstract void WriteEvent(IBufferWriter<byte> output, Refusal refusal, RequestRecord record);
}
