using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.OpenAi;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses.Inbound;

/// <summary>Callers of OpenAI Responses, for providers that do not speak it.</summary>
/// <param name="time">The clock for <c>created_at</c> where the answer has none.</param>
internal sealed class ResponsesCaller(TimeProvider time) : ICallerDialect
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public void WriteChat(InferenceRequest request, AttemptTarget target, bool extended, IBufferWriter<byte> chat, ICollection<string> dropped)
    {
        using var document = request.Parse();
        ChatRequest.Write(document.RootElement, request.Facts, target, extended, chat, dropped);
    }

    /// <inheritdoc/>
    public void WriteAnswer(InferenceRequest request, AttemptTarget target, ReadOnlySpan<byte> chat, IBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(chat);
        using var answer = JsonDocument.ParseValue(ref reader);
        using var asked = request.Parse();
        var root = answer.RootElement;
        var choice = root.List("choices").FirstOrDefault();
        var seed = Seed(target, root);
        var items = new AnswerItems(seed, CallersTools.Of(asked.RootElement), events: null);
        ChatAnswer.TakeMessage(choice.Find("message") ?? default, items, output);
        var (status, reason) = ChatAnswer.Ending(choice.Text("finish_reason"));
        items.End(reason is null, output);
        using var writer = new Utf8JsonWriter(output, Options);
        new ResponseObject(IdOf(seed), root.Count("created") ?? time.GetUtcNow().ToUnixTimeSeconds())
        {
            Status = status,
            Reason = reason,
            Usage = UsageIn(root),
            ServiceTier = root.Text("service_tier"),
            Output = items,
        }.Write(writer, asked.RootElement);
    }

    /// <inheritdoc/>
    public CallerStream CreateStream(InferenceRequest request, AttemptTarget target) => new ResponsesCallerStream(request, target, time);

    /// <summary>What the ids of one answer are made of.</summary>
    internal static string Seed(AttemptTarget target, JsonElement answer) => $"{target.RequestId}/{target.Provider.Name}/{answer.Text("id")}";

    /// <summary>The response's id.</summary>
    internal static string IdOf(string seed) => "resp_" + MadeCallId.Of(seed, 2, 0)["call_".Length..];

    private static TokenUsage? UsageIn(JsonElement root)
    {
        if (root.Find("usage") is not { ValueKind: JsonValueKind.Object } usage)
        {
            return null;
        }

        var reader = new Utf8JsonReader(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(usage));
        reader.Read();
        return UsageReader.Read(ref reader);
    }
}
