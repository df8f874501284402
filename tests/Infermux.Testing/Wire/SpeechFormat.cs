using System.Text.Json;

namespace Infermux.Testing;

/// <summary>OpenAI's speech: bytes of no meaning whose length nobody tells before, 100 for each character of the text; or events with pieces of them.</summary>
internal sealed class SpeechFormat : IWireFormat
{
    private const int BytesPerCharacter = 100;
    private const int Pieces = 4;

    public WireEvent? Ping => null;

    public bool TellsLength => false;

    /// <summary>The sound of a text: every byte value, zero and line ends among them.</summary>
    public static byte[] Sound(string text)
    {
        var sound = new byte[text.Length * BytesPerCharacter];
        for (var at = 0; at < sound.Length; at++)
        {
            sound[at] = (byte)((at * 31) + (at >> 8) + text[at / BytesPerCharacter]);
        }

        return sound;
    }

    public Call Read(Route route, JsonElement body, IHeaderDictionary headers) => MeteredReader.Read(route, body, ["input", "voice"]);

    public string Whole(Call call, Answer answer) => throw new NotSupportedException("Sound is no text; ask for its bytes.");

    public byte[] WholeBytes(Call call, Answer answer) => Sound(call.Prompt);

    public string WholeType(Call call) => call.Body.String("response_format") switch
    {
        "wav" => "audio/wav",
        "opus" => "audio/ogg",
        "pcm" => "audio/pcm",
        _ => "audio/mpeg",
    };

    public IEnumerable<WireEvent> Stream(Call call, Answer answer, TimeProvider time)
    {
        var sound = Sound(call.Prompt);
        for (var piece = 0; piece < Pieces; piece++)
        {
            var bytes = sound.AsSpan(sound.Length * piece / Pieces, (sound.Length * (piece + 1) / Pieces) - (sound.Length * piece / Pieces));
            yield return new WireEvent(WireEventKind.Content, $$"""{"type":"speech.audio.delta","audio":"{{Convert.ToBase64String(bytes)}}"}""");
        }

        var usage = answer.Report == UsageReport.Absent
            ? ""
            : $$""","usage":{"input_tokens":{{answer.Told.Prompt}},"output_tokens":{{answer.Told.Output}},"total_tokens":{{answer.Told.Prompt + answer.Told.Output}}}""";
        yield return new WireEvent(WireEventKind.Terminal, $$"""{"type":"speech.audio.done"{{usage}}}""", Tokens: (int)answer.Usage.Output);
    }

    public string Error(int status, string? code, string message, string? param = null) => OpenAiError.Body(status, code, message, param);

    public WireEvent ErrorEvent(string? code, string message) => new(WireEventKind.Ending, OpenAiError.Body(500, code, message, null));
}
