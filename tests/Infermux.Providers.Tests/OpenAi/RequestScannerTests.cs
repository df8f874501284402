using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Infermux.Providers.OpenAi;
using Xunit;

namespace Infermux.Providers.Tests.OpenAi;

public sealed class RequestScannerTests
{
    [Fact]
    public void Facts_OfAnyLegalRequest_AreWhatATreeParserFinds() => RandomJson.ChatRequest.Sample(
        json =>
        {
            var facts = Chat(json);
            var tree = JsonNode.Parse(json)!.AsObject();
            var bytes = Encoding.UTF8.GetBytes(json);
            Assert.Equal((string?)tree["model"], facts.Model);
            Assert.Equal((string?)tree["model"], JsonSerializer.Deserialize<string>(bytes.AsSpan(facts.ModelValue.Start, facts.ModelValue.Length)));
            Assert.Equal((bool?)tree["stream"] ?? false, facts.Stream);
            Assert.Equal((bool?)tree["stream_options"]?["include_usage"] ?? false, facts.IncludeUsage);
            Assert.Equal(tree.ContainsKey("stream_options"), facts.StreamOptionsValue.Exists);
            Assert.Equal((long?)tree["max_completion_tokens"] ?? (long?)tree["max_tokens"], facts.MaxTokens);
            Assert.Equal((int?)tree["n"] ?? 1, facts.Choices);
            Assert.True(facts.PromptBound >= 2);
            byte[] extended = [.. bytes[..facts.InsertAt], .. "\"added\":1,"u8, .. bytes[facts.InsertAt..]];
            tree["added"] = 1;
            Assert.True(JsonNode.DeepEquals(tree, JsonNode.Parse(extended)));
        },
        iter: 5_000);

    [Theory]
    [InlineData(Operation.ChatCompletions, """{"messages":[]}""")]
    [InlineData(Operation.Embeddings, """{"input":"a"}""")]
    [InlineData(Operation.Completions, """{"prompt":"a"}""")]
    public void Model_OfThePath_CountsWhereTheBodyNamesNone(Operation operation, string json)
    {
        var facts = RequestScanner.Scan(operation, Encoding.UTF8.GetBytes(json), 64, "of-the-path");
        Assert.Equal(("of-the-path", false), (facts.Model, facts.ModelValue.Exists));
        var both = RequestScanner.Scan(operation, Encoding.UTF8.GetBytes(json.Replace("{", "{\"model\":\"of-the-body\",", StringComparison.Ordinal)), 64, "of-the-path");
        Assert.Equal(("of-the-body", true), (both.Model, both.ModelValue.Exists));
        Assert.Equal("model", Assert.Throws<RequestRefusedException>(() => RequestScanner.Scan(operation, Encoding.UTF8.GetBytes(json), 64)).Param);
    }

    [Theory]
    [InlineData(Operation.ChatCompletions, """{"messages":[]}""", "a\u0007b", "model")]
    [InlineData(Operation.ChatCompletions, """{"messages":[]}""", "", "model")]
    [InlineData(Operation.Completions, "{}", "m", "prompt")] // a body without any member has no place for a model
    public void Model_OfThePathThatCannotBeUsed_IsRefused(Operation operation, string json, string model, string param) =>
        Assert.Equal(param, Assert.Throws<RequestRefusedException>(() => RequestScanner.Scan(operation, Encoding.UTF8.GetBytes(json), 64, model)).Param);

    [Fact]
    public void AnyBytes_AreScannedOrRefusedAndNeverThrowAnythingElse() => Gen.Select(RandomJson.ChatRequest, Gen.Select(Gen.Int[0, 2_000], Gen.Byte).Array[1, 5]).Sample(
        (json, damage) =>
        {
            var bytes = Encoding.UTF8.GetBytes(json);
            foreach (var (at, value) in damage)
            {
                bytes[at % bytes.Length] = value;
            }

            try
            {
                RequestScanner.Scan(Operation.ChatCompletions, bytes, 64);
                JsonDocument.Parse(bytes).Dispose(); // what we accept, everyone can read
            }
            catch (RequestRefusedException e)
            {
                Assert.NotEmpty(e.Message);
            }
        },
        iter: 20_000);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("\"model\"", "not a JSON object")]
    [InlineData("{\"model\":\"a\",\n\"messages\":[}", "line 2, byte 13")]
    [InlineData("{\"model\":\"a\"", "not valid JSON at line 1")]
    [InlineData("{\"model\":\"a\"} x", "not valid JSON at line 1, byte 15")]
    [InlineData("{\"model\":\"a\"}{}", "not valid JSON")]
    [InlineData("\uFEFF{\"model\":\"a\"}", "byte-order mark")]
    [InlineData("{\"messages\":[]}", "'model' is missing")]
    [InlineData("{\"model\":\"a\"}", "'messages' is missing")]
    [InlineData("{\"model\":\"\",\"messages\":[]}", "'model' must have 1 to 256")]
    [InlineData("{\"model\":null,\"messages\":[]}", "'model' must be a string")]
    [InlineData("{\"model\":3,\"messages\":[]}", "'model' must be a string")]
    [InlineData("{\"model\":\"a\\u0000\",\"messages\":[]}", "printable")]
    [InlineData("{\"model\":\"a\\r\\nX: y\",\"messages\":[]}", "printable")]
    [InlineData("{\"model\":\"a\\u202Eb\",\"messages\":[]}", "printable")]
    [InlineData("{\"model\":\"a\",\"messages\":{}}", "'messages' must be a list")]
    [InlineData("{\"model\":\"a\",\"model\":\"b\",\"messages\":[]}", "'model' is given twice, again at line 1, byte 14")]
    [InlineData("{\"model\":\"a\",\"mod\\u0065l\":\"b\",\"messages\":[]}", "'model' is given twice")]
    [InlineData("{\"model\":\"a\",\"Model\":\"b\",\"messages\":[]}", "differs from 'model' only in case")]
    [InlineData("{\"model\":\"a\",\"messages\":[],\"\\u017Ftream\":true}", "differs from 'stream' only in case")]
    [InlineData("{\"model\":\"a\",\"messages\":[],\"max_to\\u212Aens\":1}", "differs from 'max_tokens' only in case")]
    [InlineData("{\"model\":\"a\",\"messages\":[],\"stream\":true,\"stream\":false}", "'stream' is given twice")]
    [InlineData("{\"model\":\"a\",\"messages\":[],\"stream\":\"true\"}", "'stream' must be true or false")]
    [InlineData("{\"model\":\"a\",\"messages\":[],\"stream_options\":[]}", "'stream_options' must be an object")]
    [InlineData("{\"model\":\"a\",\"messages\":[],\"stream_options\":{\"include_usage\":1}}", "must be true or false")]
    [InlineData("{\"model\":\"a\",\"messages\":[],\"stream_options\":{\"include_usage\":true,\"Include_usage\":false}}", "given twice")]
    [InlineData("{\"model\":\"a\",\"messages\":[],\"max_tokens\":-1}", "'max_tokens' must be a whole number")]
    [InlineData("{\"model\":\"a\",\"messages\":[],\"max_tokens\":0}", "'max_tokens' must be a whole number")]
    [InlineData("{\"model\":\"a\",\"messages\":[],\"max_tokens\":9223372036854775808}", "'max_tokens' must be a whole number")]
    [InlineData("{\"model\":\"a\",\"messages\":[],\"max_completion_tokens\":1.5}", "'max_completion_tokens' must be a whole number")]
    [InlineData("{\"model\":\"a\",\"messages\":[],\"max_tokens\":\"5\"}", "'max_tokens' must be a whole number")]
    [InlineData("{\"model\":\"a\",\"messages\":[],\"max_tokens\":5,\"max_completion_tokens\":5}", "Give one of them")]
    [InlineData("{\"model\":\"a\",\"messages\":[],\"n\":0}", "'n' must be a whole number from 1 to 128")]
    [InlineData("{\"model\":\"a\",\"messages\":[],\"n\":1000}", "'n' must be a whole number from 1 to 128")]
    [InlineData("{\"model\":\"a\",\"messages\":[{\"content\":\"\\ud800\"}]}", "half of a surrogate pair")]
    [InlineData("{\"model\":\"a\",\"messages\":[{\"content\":\"\\uD83D\\uD83D\\uDE00\"}]}", "half of a surrogate pair")]
    [InlineData("{\"model\":\"a\",\"messages\":[],\"temperature\":1e400}", "number is too large")]
    public void Request_ThatNoProviderShouldSee_IsRefusedWithItsMend(string json, string said)
    {
        var refused = Assert.Throws<RequestRefusedException>(() => Chat(json));
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.Equal("invalid_request", refused.Code);
    }

    [Fact]
    public void Model_Of257Characters_IsRefusedAndOf256Not()
    {
        Assert.Equal(256, Chat($$"""{"model":"{{new string('m', 256)}}","messages":[]}""").Model.Length);
        Assert.Throws<RequestRefusedException>(() => Chat($$"""{"model":"{{new string('m', 257)}}","messages":[]}"""));
    }

    [Fact]
    public void InvalidUtf8_IsRefusedWithItsPlace()
    {
        byte[] body = [.. "{\"model\":\"a\",\n\"messages\":[{\"content\":\""u8, 0xC3, 0x28, .. "\"}]}"u8];
        var refused = Assert.Throws<RequestRefusedException>(() => RequestScanner.Scan(Operation.ChatCompletions, body, 64));
        Assert.Contains("line 2, byte 25", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(100_000, false)]
    public void Depth_OverTheLimit_IsRefusedWithoutRecursion(int depth, bool accepted)
    {
        var inner = depth - 1; // the body's own object is the first level
        var json = "{\"model\":\"a\",\"messages\":[],\"x\":" + new string('[', inner) + new string(']', inner) + "}";
        if (accepted)
        {
            Assert.Equal("a", Chat(json).Model);
            return;
        }

        Assert.Contains("deeper than 64 levels at line 1, byte", Assert.Throws<RequestRefusedException>(() => Chat(json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TopLevelFields_ByTheMillion_AreRefused()
    {
        var json = "{\"model\":\"a\"," + string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => $"\"k{i}\":1")) + "}";
        Assert.Contains("more than 1024 fields", Assert.Throws<RequestRefusedException>(() => Chat(json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PromptBound_WithAnInlinedImage_CountsItOnceAtItsMaximumAndNotItsBytes()
    {
        var image = "data:image/png;base64," + new string('A', 100_000);
        var json = $$$"""{"model":"a","messages":[{"role":"user","content":[{"type":"text","text":"what"},{"type":"image_url","image_url":{"url":"{{{image}}}"}}]}]}""";
        Assert.Equal(json.Length - image.Length + MediaBound.Image, Chat(json).PromptBound);
        Assert.Equal(1, Chat(json).PromptEstimate);
    }

    [Theory]
    [InlineData("""{"type":"image_url","image_url":{"url":"https://x/y.png"}}""", MediaBound.Image, 0)]
    [InlineData("""{"type":"image_url","image\u005furl":{"url":"https://x/y.png"}}""", MediaBound.Image, 0)]
    [InlineData("""{"type":"image_url","image_url":{"url":"data:AAAA","detail":"low"}}""", MediaBound.LowDetailImage, 9)]
    [InlineData("""{"type":"image_url","image_url":"data:AAAA"}""", MediaBound.Image, 9)]
    [InlineData("""{"type":"file","file":{"file_id":"file-1"}}""", MediaBound.UnknownFile, 0)]
    [InlineData("""{"type":"text","text":"data:image/png;base64,AAAA"}""", 0, 0)]
    [InlineData("""{"type":"text","url":"data:image/png;base64,AAAA"}""", 0, 0)]
    public void PromptBound_OfEachPart_IsItsTextPlusTheMostItCanBeBilledAs(string part, long media, int notText)
    {
        var json = $$"""{"model":"a","messages":[{"role":"user","content":[{{part}}]}]}""";
        Assert.Equal(json.Length - notText + media, Chat(json).PromptBound);
    }

    [Fact]
    public void PromptBound_OfAFileAndARecording_GrowsWithTheirSize()
    {
        Assert.True(MediaBound.InlineFile(4_000) < MediaBound.InlineFile(40_000));
        Assert.Equal(MediaBound.UnknownFile, MediaBound.InlineFile(100_000_000));
        var audio = new string('A', 3_200);
        var json = $$$"""{"model":"a","messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"{{{audio}}}","format":"mp3"}}]}]}""";
        Assert.Equal(json.Length - audio.Length + 101, Chat(json).PromptBound);
    }

    [Fact]
    public void PromptEstimate_IsAQuarterOfTheTextsCharacters() =>
        Assert.Equal(5, Chat("""{"model":"a","messages":[{"role":"user","content":"\u00fc2345678"},{"role":"user","content":"😀345678€01"}]}""").PromptEstimate);

    [Fact]
    public void Tools_EmptyOrFilled_AreTold()
    {
        Assert.False(Chat("""{"model":"a","messages":[],"tools":[ ]}""").Tools);
        Assert.False(Chat("""{"model":"a","messages":[],"tools":null}""").Tools);
        var with = Chat("""{"model":"a","messages":[],"tools":[{"type":"function","function":{"name":"f"}}]}""");
        Assert.True(with.Tools);
        Assert.True(with.PromptEstimate > 10);
        Assert.True(Chat("""{"model":"a","messages":[],"functions":[{"name":"f"}]}""").Tools);
    }

    [Theory]
    [InlineData("""{"model":"e","input":"12345678"}""", 2)]
    [InlineData("""{"model":"e","input":["1234","5678"]}""", 2)]
    [InlineData("""{"model":"e","input":[1,2,3]}""", 3)]
    [InlineData("""{"model":"e","input":[[1,2],[3]],"n":0,"stream":false}""", 3)]
    public void Embeddings_InputInEachForm_IsEstimated(string json, long tokens)
    {
        var facts = RequestScanner.Scan(Operation.Embeddings, Encoding.UTF8.GetBytes(json), 64);
        Assert.Equal(tokens, facts.PromptEstimate);
        Assert.Equal(json.Length, facts.PromptBound);
    }

    [Fact]
    public void Completions_BestOf_CountsAsChoicesBecauseAllAreBilled() =>
        Assert.Equal(4, RequestScanner.Scan(Operation.Completions, """{"model":"i","prompt":["a","b"],"n":2,"best_of":4,"max_tokens":5}"""u8, 64).Choices);

    [Fact]
    public void MaxTokens_NullBesideTheOtherKey_IsNotTheOneUsed()
    {
        var facts = Chat("""{"model":"a","messages":[],"max_completion_tokens":null,"max_tokens":5}""");
        Assert.Equal(5, facts.MaxTokens);
        Assert.Equal(1, facts.MaxTokensValue.Length);
        Assert.Equal(4, Chat("""{"model":"a","messages":[],"max_tokens":null}""").MaxTokensValue.Length);
    }

    private static RequestFacts Chat(string json) => RequestScanner.Scan(Operation.ChatCompletions, Encoding.UTF8.GetBytes(json), 64);
}
