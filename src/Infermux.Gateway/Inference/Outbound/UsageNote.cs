using System.Text.Json;
using Infermux.Gateway.Inference.Inbound;
using Infermux.Gateway.Requests;
using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Inference.Outbound;

/// <summary>The <c>infermux</c> object in a stream's usage chunk: what headers would say had it been known when they left.</summary>
internal static class UsageNote
{
    public static ReadOnlySpan<byte> Of(AttemptRecord attempt)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("provider"u8, attempt.Selection.Provider);
            json.WriteString("model"u8, attempt.Selection.TargetModel);
            json.WritePropertyName("cost_usd"u8);
            json.WriteRawValue(AnswerHeaders.Usd(attempt.Cost), skipInputValidation: true);
            json.WriteNumber("latency_ms"u8, (long)(attempt.Latency ?? TimeSpan.Zero).TotalMilliseconds);
            if (attempt.Mark != SettleMark.Exact)
            {
                json.WriteBoolean("estimated"u8, true);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }
}
