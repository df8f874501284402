using System.Text;
using Infermux.Providers.OpenAi;
using Xunit;

namespace Infermux.Providers.Tests.Messages;

public sealed class MessagesScanTests
{
    private const string Data = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"; // 64 characters

    [Fact]
    public void Facts_OfAnOrdinaryRequest_AreFound()
    {
        var facts = Scan("""{"model":"m","max_tokens":77,"stream":true,"system":"12345678","messages":[{"role":"user","content":"1234"}],"tools":[{"name":"t","input_schema":{"type":"object"}}]}""");
        Assert.Equal(("m", 77L, true, true, 1), (facts.Model, facts.MaxTokens!.Value, facts.Stream, facts.Tools, facts.Choices));
        Assert.Equal((12 + "[{\"name\":\"t\",\"input_schema\":{\"type\":\"object\"}}]".Length + 3) / 4, facts.PromptEstimate);
    }

    [Theory]
    [InlineData("""{"model":"m","messages":[]}""", "max_tokens")]
    [InlineData("""{"model":"m","max_tokens":null,"messages":[]}""", "max_tokens")]
    [InlineData("""{"model":"m","max_tokens":-1,"messages":[]}""", "max_tokens")]
    [InlineData("""{"model":"m","max_tokens":1,"max_tokens":2,"messages":[]}""", "max_tokens")]
    [InlineData("""{"model":"m","max_tokens":1,"Max_Tokens":2,"messages":[]}""", "max_tokens")]
    [InlineData("""{"model":"m","max_tokens":1}""", "messages")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":"hi"}""", "messages")]
    [InlineData("""{"max_tokens":1,"messages":[]}""", "model")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[],"messages":[]}""", "messages")]
    public void Field_MissingTwiceOrWrong_IsRefusedByName(string body, string field) =>
        Assert.Equal(field, Assert.Throws<RequestRefusedException>(() => Scan(body)).Param);

    [Fact]
    public void Depth_BeyondTheLimit_IsRefused()
    {
        var body = $$"""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":{{new string('[', 70)}}{{new string(']', 70)}}}]}""";
        Assert.Contains("deeper than 64", Assert.Throws<RequestRefusedException>(() => Scan(body)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CapOfZero_WarmsACache_AndIsTaken() => Assert.Equal(0, Scan("""{"model":"m","max_tokens":0,"messages":[]}""").MaxTokens);

    [Fact]
    public void Count_NeedsNoCap_AndIsNeverAStream()
    {
        var facts = Scan("""{"model":"m","stream":true,"max_tokens":"x","messages":[]}""", Operation.CountTokens);
        Assert.Equal((null, false), (facts.MaxTokens, facts.Stream));
    }

    [Theory]
    [InlineData("""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"DATA"}}""", MediaBound.Image)]
    [InlineData("""{"type":"image","source":{"data":"DATA","media_type":"image/png","type":"base64"}}""", MediaBound.Image)]
    [InlineData("""{"source":{"type":"base64","media_type":"image/png","data":"DATA"},"type":"image"}""", MediaBound.Image)]
    [InlineData("""{"type":"image","source":{"type":"url","url":"https://x"}}""", MediaBound.Image)]
    [InlineData("""{"type":"image","cache_control":{"type":"ephemeral"},"source":{"type":"url","url":"https://x"}}""", MediaBound.Image)]
    [InlineData("""{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"DATA"}}""", (4 * 48) + 4600)]
    [InlineData("""{"type":"document","source":{"type":"url","url":"https://x"}}""", MediaBound.UnknownFile)]
    [InlineData("""{"type":"document","source":{"type":"file","file_id":"f"}}""", MediaBound.UnknownFile)]
    [InlineData("""{"type":"document","source":{"type":"text","media_type":"text/plain","data":"DATA"}}""", 0)]
    [InlineData("""{"type":"tool_result","tool_use_id":"t","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"DATA"}}]}""", MediaBound.Image)]
    [InlineData("""{"type":"document","source":{"type":"content","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"DATA"}}]}}""", MediaBound.Image)]
    public void Bound_CountsMediaAtItsMostAndNotItsBytes(string block, long media)
    {
        var body = $$"""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{{block.Replace("DATA", Data, StringComparison.Ordinal)}}]}]}""";
        var inlined = media > 0 && body.Contains(Data, StringComparison.Ordinal) ? Data.Length : 0;
        Assert.Equal(body.Length - inlined + media, Scan(body).PromptBound);
    }

    [Fact]
    public void Block_WithoutAKind_TakesNoneFromTheBlockBeforeIt()
    {
        const string Body = """{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"u"}},{"source":{"type":"url","url":"u"}}]}]}""";
        Assert.Equal(Body.Length + MediaBound.Image + MediaBound.UnknownFile, Scan(Body).PromptBound);
    }

    private static RequestFacts Scan(string body, Operation operation = Operation.Messages) => RequestScanner.Scan(operation, Encoding.UTF8.GetBytes(body), 64);
}
