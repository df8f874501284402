using System.Buffers;
using System.Text;
using CsCheck;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Metered;
using Xunit;
using static Infermux.Providers.Tests.Metered.MultipartFormTests;

namespace Infermux.Providers.Tests.Metered;

public sealed class MeteredAnswerTests
{
    private static readonly ProviderOptions Provider = new() { Name = "p", Type = ProviderType.OpenAi };
    private static readonly AttemptTarget Target = new() { Provider = Provider, Model = "theirs" };

    private static readonly string[] Images =
    [
        """{"type":"image_generation.partial_image","partial_image_index":0,"b64_json":"AAAA"}""",
        """{"type":"image_generation.completed","b64_json":"BBBB","usage":{"input_tokens":50,"output_tokens":100,"total_tokens":150,"input_tokens_details":{"text_tokens":10,"image_tokens":40}}}""",
        """{"type":"image_generation.completed","b64_json":"CCCC","usage":{"input_tokens":50,"output_tokens":200,"total_tokens":250,"input_tokens_details":{"text_tokens":10,"image_tokens":40}}}""",
    ];

    private static readonly string[] Transcript =
    [
        """{"type":"transcript.text.delta","delta":"n\u00e4"}""", """{"type":"transcript.text.delta","delta":"ïve 🙂"}""",
        """{"type":"transcript.text.done","text":"näïve 🙂","usage":{"type":"tokens","input_tokens":14,"input_token_details":{"text_tokens":0,"audio_tokens":14},"output_tokens":45,"total_tokens":59}}""",
    ];

    [Theory] // what each vendor tells, and what it is charged as
    [InlineData(Operation.ImageGenerations, """{"created":1,"data":[{},{}],"usage":{"input_tokens":50,"output_tokens":100,"input_tokens_details":{"text_tokens":10,"image_tokens":40}}}""", 50, 0, 100, 40, "2")]
    [InlineData(Operation.ImageGenerations, """{"data":[{"url":"x"}],"usage":{"input_tokens":50,"output_tokens":1,"input_tokens_details":{"cached_tokens":20,"image_tokens":45}}}""", 30, 20, 1, 30, "1")]
    [InlineData(Operation.ImageGenerations, """{"data":[{"url":"x"}],"usage":{"input_tokens":-5,"output_tokens":1e99}}""", 0, 0, 1_000_000_000, 0, "1")]
    [InlineData(Operation.Transcriptions, """{"text":"","usage":{"type":"duration","seconds":12}}""", -1, 0, 0, 0, "12")]
    [InlineData(Operation.Transcriptions, """{"task":"transcribe","duration":"8.47","text":"x","segments":[]}""", -1, 0, 0, 0, "8.47")]
    [InlineData(Operation.Transcriptions, """{"duration":9.5,"text":"x","usage":{"type":"duration","seconds":10}}""", -1, 0, 0, 0, "10")]
    [InlineData(Operation.Rerank, """{"results":[],"usage":{"total_tokens":15}}""", 15, 0, 0, 0, null)]
    [InlineData(Operation.Rerank, """{"results":[{}],"meta":{"billed_units":{"search_units":2}}}""", -1, 0, 0, 0, "2")]
    [InlineData(Operation.Rerank, """{"data":[{}],"usage":{"prompt_tokens":15,"total_tokens":15,"search_units":1}}""", 15, 0, 0, 0, "1")]
    [InlineData(Operation.Moderations, """{"results":[{"flagged":false}]}""", -1, 0, 0, 0, null)]
    public void Whole_TellsTokensAndUnits(Operation operation, string body, long fresh, long cached, long output, long media, string? units)
    {
        var answer = Read(operation, body, out var written);
        Assert.Null(answer.Failure);
        Assert.Equal(fresh < 0 ? null : new TokenUsage(fresh, cached, Output: output, MediaInput: media), answer.Usage);
        Assert.Equal(units, answer.Units?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(body, written);
    }

    [Fact]
    public void Whole_NamesTheCallersModel()
    {
        Read(Operation.Rerank, """ {"model" : "theirs", "results":[{"model":"kept"}] } """, out var written);
        Assert.Equal("""{"model" : "mine", "results":[{"model":"kept"}] }""", written);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"data\":[]")]
    [InlineData("{\"data\":[]} x")]
    [InlineData("{\"data\":null}")]
    [InlineData("{\"error\":{\"message\":\"no\"}}")]
    [InlineData("{\"data\":[],\"error\":\"no\"}")]
    public void Whole_ThatIsNoAnswer_IsAFailure(string body) => Assert.Equal(FailureClass.ServerFault, Read(Operation.ImageGenerations, body, out _).Failure?.Class);

    [Theory]
    [InlineData("", true)] // silence
    [InlineData("{curly", true)]
    [InlineData("{\"a\":1}", true)]
    [InlineData("<i>tagged</i>", true)]
    [InlineData("<!DOCTYPE html><html>", false)]
    [InlineData("{\"error\":{\"message\":\"no\"}}", false)]
    public void Text_IsAnythingButAPageOrAnError(string body, bool isText)
    {
        var answer = Read(Operation.Transcriptions, body, out var written, "text");
        Assert.Equal((isText, isText ? body : ""), (answer.Failure is null, written));
        Assert.Equal(isText, answer.KeepsType);
    }

    [Fact]
    public void Stream_OfSeveralImages_EndsWithTheLastAndAddsTheirTokens()
    {
        var run = Run(Operation.ImageGenerations, Wire(Images), [7]);
        Assert.Equal((Text(Images), true, null, new TokenUsage(100, Output: 300, MediaInput: 80), 2m), run);
    }

    [Fact]
    public void Stream_OfATranscript_EndsWithItsDone() => Assert.Equal(
        (Text(Transcript), true, null, new TokenUsage(14, Output: 45, MediaInput: 14), (decimal?)null), Run(Operation.Transcriptions, Wire(Transcript), [1_000]));

    [Theory]
    [InlineData(Operation.ImageGenerations)]
    [InlineData(Operation.Transcriptions)]
    public void Stream_InAnyChunking_GivesTheSame(Operation operation)
    {
        var wire = Wire(operation == Operation.Transcriptions ? Transcript : Images);
        var expected = Run(operation, wire, [wire.Length]);
        for (var cut = 1; cut < wire.Length; cut++)
        {
            Assert.Equal(expected, Run(operation, wire, [cut, wire.Length]));
        }

        Gen.Int[1, 60].Array[1, 5].Sample(sizes => Assert.Equal(expected, Run(operation, wire, sizes)), iter: 300);
    }

    [Theory]
    [InlineData("data: {\"error\":{\"message\":\"no\",\"type\":\"server_error\"}}\n\n", FailureClass.ServerFault)]
    [InlineData("event: error\ndata: {\"message\":\"no\"}\n\n", FailureClass.ServerFault)]
    [InlineData("data: {\"type\":\"error\",\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"slow\"}}\n\n", FailureClass.RateLimited)]
    [InlineData("data: {\"type\":\"image_generation.partial_image\"}\n\n", FailureClass.BrokenStream)]
    [InlineData("data: nonsense\n\n", FailureClass.ServerFault)]
    [InlineData("data: []\n\n", FailureClass.ServerFault)]
    [InlineData("{\"error\":{\"message\":\"no\"}}", FailureClass.ServerFault)]
    [InlineData("", FailureClass.BrokenStream)]
    public void Stream_ThatBreaks_IsAFailure(string wire, FailureClass expected) =>
        Assert.Equal(expected, Run(Operation.ImageGenerations, Encoding.UTF8.GetBytes(wire), [5]).Failure);

    [Fact]
    public void Stream_ThatEndsAfterOneOfTwoImages_IsAnAnswer() =>
        Assert.Equal((true, null, 1m), Run(Operation.ImageGenerations, Wire(Images[..2]), [50]) is var run ? (run.Ended, run.Failure, run.Units) : default);

    [Fact]
    public void Stream_WithACommonEnd_PassesIt() => Assert.EndsWith("data: [DONE]\n\n", Run(Operation.Transcriptions, Wire([Transcript[0], "[DONE]"]), [9]).Text, StringComparison.Ordinal);

    [Fact]
    public void Stream_Mutated_IsAnAnswerOrAFailureAndTheSameInAnyChunking()
    {
        var wires = new[] { Wire(Images), Wire(Transcript) };
        Gen.Select(Gen.Int[0, 1], Gen.Int[0, 10_000], Gen.Byte, Gen.Int[0, 2], Gen.Int[1, 40]).Sample((which, at, value, kind, size) =>
        {
            var operation = which == 0 ? Operation.ImageGenerations : Operation.Transcriptions;
            var wire = wires[which];
            var place = at % wire.Length;
            byte[] mutated = kind switch
            {
                0 => [.. wire[..place], value, .. wire[(place + 1)..]],
                1 => [.. wire[..place], .. wire[Math.Min(wire.Length, place + (value % 16))..]],
                _ => [.. wire[..place], value, .. wire[place..]],
            };
            Assert.Equal(Run(operation, mutated, [mutated.Length + 1]), Run(operation, mutated, [size]));
        }, iter: 5_000);
    }

    private static InferenceRequest Request(Operation operation, string? format = null, bool stream = false)
    {
        var isForm = operation == Operation.Transcriptions;
        var body = isForm
            ? Form("b", ("file", "a", "x"), ("model", null, "mine"), ("response_format", null, format ?? "json"), ("stream", null, stream ? "true" : ""))
            : Encoding.UTF8.GetBytes($$"""{"model":"mine","prompt":"x","input":"x","query":"x","documents":["d"]{{(operation == Operation.ImageGenerations ? ",\"n\":2" : "")}}}""");
        return new InferenceRequest(operation, body, MeteredScanner.Scan(operation, body, isForm ? "multipart/form-data; boundary=b" : null, null, 64));
    }

    private static WholeAnswer Read(Operation operation, string body, out string written, string? format = null)
    {
        var output = new ArrayBufferWriter<byte>();
        var answer = Dialects.For(operation, Provider).ReadWhole(Request(operation, format), Target, Encoding.UTF8.GetBytes(body), output);
        written = answer.Failure is null ? Encoding.UTF8.GetString(output.WrittenSpan) : "";
        return answer;
    }

    private static (string Text, bool Ended, FailureClass? Failure, TokenUsage? Usage, decimal? Units) Run(Operation operation, byte[] wire, int[] sizes)
    {
        var stream = Dialects.For(operation, Provider).CreateStream(Request(operation, stream: true), Target);
        var output = new ArrayBufferWriter<byte>();
        for (int at = 0, i = 0; at < wire.Length; i++)
        {
            var size = Math.Min(sizes[i % sizes.Length], wire.Length - at);
            stream.Push(wire.AsSpan(at, size).ToArray(), output);
            at += size;
        }

        stream.EndOfBody(output);
        if (stream.Failure is null)
        {
            stream.Complete(default, default, output);
        }

        return (Encoding.UTF8.GetString(output.WrittenSpan), stream.Ended, stream.Failure?.Class, stream.Usage, stream.Units);
    }

    private static string Text(string[] payloads) => string.Concat(payloads.Select(payload => $"data: {payload}\n\n"));

    private static byte[] Wire(string[] payloads) => Encoding.UTF8.GetBytes(Text(payloads));
}
