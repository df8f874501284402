using System.Text;
using Infermux.Core.Configuration;
using Infermux.Providers.Metered;
using Xunit;
using static Infermux.Providers.Tests.Metered.MultipartFormTests;

namespace Infermux.Providers.Tests.Metered;

public sealed class MeteredRequestTests
{
    private const string FormType = "multipart/form-data; boundary=\"b\"";

    [Theory]
    [InlineData("other")]
    [InlineData("a much longer name/with:signs")]
    [InlineData("ünï")]
    public async Task Form_WhoseModelIsReplaced_KeepsEveryOtherByte(string target)
    {
        foreach (var modelFirst in new[] { true, false })
        {
            byte[] Body(string model) => modelFirst
                ? Form("b", ("model", null, model), ("file", "a.mp3", "\r\n--model\r\n"), ("prompt", null, "model"))
                : Form("b", ("prompt", null, "model"), ("file", "a.mp3", "\r\n--model\r\n"), ("model", null, model));
            Assert.Equal(Encoding.UTF8.GetString(Body(target)), await SentAsync(Operation.Transcriptions, Body("mine"), target));
            Assert.Equal(Encoding.UTF8.GetString(Body("mine")), await SentAsync(Operation.Transcriptions, Body("mine"), "mine"));
        }
    }

    [Fact]
    public async Task Form_WithoutAModel_GetsOneFromItsPath()
    {
        var body = Form("b", ("file", "a.mp3", "x"));
        Assert.Equal(
            Encoding.UTF8.GetString(Form("b", ("model", null, "whisper"), ("file", "a.mp3", "x"))), await SentAsync(Operation.Transcriptions, body, "whisper", path: "deployment"));
        var refused = Assert.Throws<RequestRefusedException>(() => Scan(Operation.Transcriptions, body));
        Assert.Equal(("model", true), (refused.Param, refused.Message.Contains("missing", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Form_WhoseBoundaryLiesInTheTargetsName_IsRefused() => // or the name would end its own part
        await Assert.ThrowsAsync<RequestRefusedException>(() => SentAsync(Operation.Transcriptions, Form("b", ("model", null, "m"), ("file", "a", "x")), "my--b"));

    [Theory]
    [InlineData("model", "Model")]
    [InlineData("stream", "stream")]
    [InlineData("n", "n")]
    public void Form_WithAFieldTwice_IsRefusedByName(string field, string again)
    {
        var body = Form("b", ("image", "a.png", "x"), ("model", null, "m"), (field == "model" ? "x" : field, null, "1"), (again, null, "1"));
        Assert.Equal(field, Assert.Throws<RequestRefusedException>(() => Scan(Operation.ImageEdits, body)).Param);
    }

    [Theory]
    [InlineData("model", "")]
    [InlineData("model", "a\r\nb")]
    [InlineData("stream", "perhaps")]
    [InlineData("n", "0")]
    [InlineData("n", "1e3")]
    [InlineData("n", "999")]
    [InlineData("response_format", "ï")]
    public void Form_WithAnImpossibleValue_IsRefusedByName(string field, string value)
    {
        var body = Form("b", ("image", "a.png", "x"), (field == "model" ? "x" : "model", null, "m"), (field, null, value));
        Assert.Equal(field, Assert.Throws<RequestRefusedException>(() => Scan(Operation.ImageEdits, body)).Param);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("1", true)]
    [InlineData("false", false)]
    [InlineData("", false)]
    public void Form_SaysWhetherItStreams(string value, bool streams) =>
        Assert.Equal(streams, Scan(Operation.Transcriptions, Form("b", ("file", "a", "x"), ("model", null, "m"), ("stream", null, value))).Stream);

    [Theory]
    [InlineData("text", MeteredForm.Text)]
    [InlineData("srt", MeteredForm.Text)]
    [InlineData("vtt", MeteredForm.Text)]
    [InlineData("verbose_json", MeteredForm.Json)]
    [InlineData("diarized_json", MeteredForm.Json)]
    public void Form_SaysWhatItsAnswerIs(string format, MeteredForm answer) =>
        Assert.Equal(answer, Scan(Operation.Transcriptions, Form("b", ("file", "a", "x"), ("model", null, "m"), ("response_format", null, format))).Metered!.Answer);

    [Fact]
    public void Form_OfARecording_IsBoundByItsBytes() // at 8 kbit/s and a minute more; estimated at 32 kbit/s
    {
        var facts = Scan(Operation.Transcriptions, Form("b", ("file", "a", new string('x', 100_000)), ("model", null, "m")));
        Assert.Equal((160L, 25m, false), (facts.Metered!.UnitsBound, facts.Metered.Units, facts.Metered.UnitsAreSure));
        Assert.InRange(facts.PromptBound, 16 * 160, (16 * 160) + 300); // sound, and what is text of the form
    }

    [Theory]
    [InlineData(Operation.ImageGenerations, """{"model":"m","prompt":"x","n":3,"quality":"medium","size":"1024x1024","partial_images":2}""", 3, 3, 3 * 1_056, 3 * (8_192 + 256))]
    [InlineData(Operation.ImageGenerations, """{"model":"m","prompt":"x","size":"3072x2048","quality":"high"}""", 1, 1, 4_160, 4 * 8_192)] // four times the largest
    [InlineData(Operation.Speech, """{"model":"m","input":"na\u00efve \ud83d\ude42","voice":"v"}""", 7, 7, 11, (16 * 7) + 1_024)]
    [InlineData(Operation.Rerank, """{"model":"m","query":"q","documents":["a",{"text":"b"},["c"]]}""", 1, 1, 0, 0)]
    [InlineData(Operation.Moderations, """{"model":"m","input":"x"}""", 0, 0, 0, 0)]
    public void Json_SaysWhatItAsksFor(Operation operation, string body, int units, int bound, int output, int outputBound)
    {
        var facts = MeteredScanner.Scan(operation, Encoding.UTF8.GetBytes(body), "application/json", null, 64);
        Assert.Equal((units, bound, output, outputBound), (facts.Metered!.Units, facts.Metered.UnitsBound, facts.Metered.OutputEstimate, facts.MaxTokens));
        Assert.Equal(1, facts.Choices);
    }

    [Fact]
    public void Json_OfInlinedImages_IsBoundByTheImagesAndNotByTheirText()
    {
        var data = "data:image/png;base64," + new string('A', 1_000_000);
        var body = $$"""{"model":"m","prompt":"x","images":[{"image_url":"{{data}}"}],"mask":{"image_url":"https://x"} }""";
        var facts = MeteredScanner.Scan(Operation.ImageEdits, Encoding.UTF8.GetBytes(body), "application/json", null, 64);
        Assert.InRange(facts.PromptBound, 2 * 8_192, (2 * 8_192) + 200);
    }

    [Theory]
    [InlineData(Operation.Speech, FormType)]
    [InlineData(Operation.Moderations, FormType)]
    [InlineData(Operation.Translations, "application/json")]
    [InlineData(Operation.ImageVariations, null)]
    [InlineData(Operation.Transcriptions, "multipart/form-data; boundary=\"b")]
    public void Body_OfTheWrongKind_IsRefused(Operation operation, string? type) => Assert.Throws<RequestRefusedException>(
        () => MeteredScanner.Scan(operation, Form("b", ("file", "a", "x"), ("model", null, "m")), type, null, 64));

    [Theory]
    [InlineData("""{"input":"x"}""", """{"model":"omni-moderation-latest","input":"x"}""")]
    [InlineData("""{"model":"mine","input":"x"}""", """{"model":"omni-moderation-latest","input":"x"}""")]
    public async Task Moderation_IsSentWithAModel(string body, string sent) =>
        Assert.Equal(sent, await SentAsync(Operation.Moderations, Encoding.UTF8.GetBytes(body), "omni-moderation-latest", type: "application/json"));

    private static RequestFacts Scan(Operation operation, byte[] body) => MeteredScanner.Scan(operation, body, FormType, null, 64);

    private static async Task<string> SentAsync(Operation operation, byte[] body, string target, string? path = null, string type = FormType)
    {
        var facts = MeteredScanner.Scan(operation, body, type, path, 64);
        var provider = new ProviderOptions { Name = "p", Type = ProviderType.OpenAi };
        using var message = Dialects.For(operation, provider).CreateRequest(new InferenceRequest(operation, body, facts), new AttemptTarget { Provider = provider, Model = target });
        var sent = await message.Content!.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal((type, sent.Length), (message.Content.Headers.NonValidated["Content-Type"].ToString(), (int)message.Content.Headers.ContentLength!));
        return Encoding.UTF8.GetString(sent);
    }
}
