using System.Buffers;
using Infermux.Gateway.Requests;
using Infermux.Providers.Responses;

namespace Infermux.Gateway.Inference.Errors;

/// <summary>OpenAI Responses: OpenAI's envelope as a body, <c>error</c> and <c>response.failed</c> in a stream of which nothing was written yet.</summary>
internal sealed class ResponsesErrorForm : ErrorForm
{
    public static ResponsesErrorForm Instance { get; } = new();

    public override ReadOnlySpan<byte> Heartbeat => OpenAiErrorForm.Instance.Heartbeat;

    public override void WriteBody(IBufferWriter<byte> output, Refusal refusal, RequestRecord record) => OpenAiErrorForm.Instance.WriteBody(output, refusal, record);

    public override void WriteEvent(IBufferWriter<byte> output, Refusal refusal, RequestRecord record) =>
        ErrorEvents.Write(output, sequence: 0, $"resp_{record.Operation:N}", refusal.Code, refusal.Message, refusal.Param);
}
