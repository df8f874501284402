using System.Globalization;
using System.Text.Json;

namespace Infermux.Testing;

/// <summary>
/// OpenAI's transcriptions and translations. A recording of 2,000 bytes lasts a second; models named <c>whisper…</c> tell seconds and do not stream, others tell
/// tokens, ten of sound a second.
/// </summary>
internal sealed class TranscriptsFormat : IWireFormat
{
    private const int BytesPerSecond = 2_000;

    public WireEvent? Ping => null;

    public Call Read(Route route, JsonElement body, IHeaderDictionary headers)
    {
        var call = MeteredReader.Read(route, body, [], "file");
        return Whisper(call) ? call with { Stream = false } : call;
    }

    public string WholeType(Call call) => IsText(call) ? "text/plain; charset=utf-8" : "application/json";

    public string Whole(Call call, Answer answer)
    {
        var text = answer.Joined(PieceKind.Text);
        var usage = answer.Report == UsageReport.Absent ? "" : $""","usage":{Usage(call, answer)}""";
        return call.Body.String("response_format") switch
        {
            "text" => text + "\n",
            "srt" => $"1\n00:00:00,000 --> 00:00:{Seconds(call):00},000\n{text}\n\n",
            "vtt" => $"WEBVTT\n\n00:00:00.000 --> 00:00:{Seconds(call):00}.000\n{text}\n\n",
            "verbose_json" => $$"""{"task":"transcribe","language":"english","duration":{{Seconds(call)}},"text":{{Json.Text(text)}},"segments":[]{{usage}}}""",
            _ => $$"""{"text":{{Json.Text(text)}}{{usage}}}""",
        };
    }

    public IEnumerable<WireEvent> Stream(Call call, Answer answer, TimeProvider time)
    {
        foreach (var piece in answer.Pieces)
        {
            yield return new WireEvent(WireEventKind.Content, $$"""{"type":"transcript.text.delta","delta":{{Json.Text(piece.Text)}}}""", Tokens: piece.Tokens);
        }

        var usage = answer.Report == UsageReport.Absent ? "" : $""","usage":{Usage(call, answer)}""";
        yield return new WireEvent(WireEventKind.Terminal, $$"""{"type":"transcript.text.done","text":{{Json.Text(answer.Joined(PieceKind.Text))}}{{usage}}}""");
    }

    public string Error(int status, string? code, string message, string? param = null) => OpenAiError.Body(status, code, message, param);

    public WireEvent ErrorEvent(string? code, string message) => new(WireEventKind.Ending, OpenAiError.Body(500, code, message, null));

    private static bool Whisper(Call call) => call.Model.StartsWith("whisper", StringComparison.Ordinal);

    private static bool IsText(Call call) => call.Body.String("response_format") is "text" or "srt" or "vtt";

    private static long Seconds(Call call) => (MeteredReader.Files(call.Body, "file").Sum() + BytesPerSecond - 1) / BytesPerSecond;

    private static string Usage(Call call, Answer answer) => Whisper(call)
        ? string.Create(CultureInfo.InvariantCulture, $$"""{"type":"duration","seconds":{{Seconds(call)}}}""")
        : MeteredReader.Usage(answer.Told, 10 * Seconds(call), "audio_tokens", "\"type\":\"tokens\",");
}
