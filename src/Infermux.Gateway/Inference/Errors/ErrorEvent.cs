using System.Buffers;
using Infermux.Gateway.Requests;

namespace Infermux.Gateway.Inference.Errors;

/// <summary>The error event of a stream: <c>data: {"error": …}</c>, at which official SDKs raise.</summary>
internal static class ErrorEvent
{
    public static void Write(IBufferWriter<byte> output, Refusal refusal, IReadOnlyList<AttemptRecord> attempts)
    {
        output.Write("data: "u8);
        ErrorBody.Write(output, refusal, attempts);
        output.Write("\n\n"u8);
    }
}
