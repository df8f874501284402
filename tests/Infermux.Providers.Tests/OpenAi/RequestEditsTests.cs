using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Infermux.Core.Configuration;
using Infermux.Providers.OpenAi;
using Infermux.Providers.Transport;
using Xunit;

namespace Infermux.Providers.Tests.OpenAi;

public sealed class RequestEditsTests
{
    [Fact]
    public void Body_OfAnyRequestToAnyTarget_IsWhatEditingATreeGives() =>
        Gen.Select(RandomJson.ChatRequest, Gen.OneOf("gpt-4o", "other/\"model\"", "ünï"), Gen.OneOf(0L, 1L, 10L, 60L, 5_000L)).Sample(
            (json, model, cap) => Assert.True(JsonNode.DeepEquals(Edited(json, model, cap), JsonNode.Parse(Sent(json, model, cap)))), iter: 5_000);

    [Fact]
    public void Body_WithNothingToChange_IsSentByteForByte()
    {
        const string json = """ { "model" : "m", "messages":[ ] , "max_tokens" : 5, "x":1.0 } """;
        Assert.Equal(json, Sent(json, "m", 100));
    }

    [Fact]
    public void Body_OfAnyRequestWithoutAModel_GetsTheTargetsUnlessTheAddressNamesIt() =>
        Gen.Select(RandomJson.ChatRequest, Gen.OneOf("gpt-4o", "other/\"model\"", "ünï"), Gen.OneOf(0L, 1L, 60L), Gen.Bool).Sample(
            (whole, model, cap, inAddress) =>
            {
                var tree = JsonNode.Parse(whole)!.AsObject();
                tree.Remove("model");
                var json = tree.ToJsonString();
                var expected = Edited(json, model, cap);
                if (inAddress)
                {
                    expected.Remove("model");
                }

                Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(Sent(json, model, cap, "of-the-path", !inAddress))));
            },
            iter: 2_000);

    private static JsonObject Edited(string json, string model, long cap)
    {
        var tree = JsonNode.Parse(json)!.AsObject();
        tree["model"] = model;
        if ((bool?)tree["stream"] == true)
        {
            var options = tree["stream_options"]?.AsObject() ?? [];
            options["include_usage"] = true;
            tree["stream_options"] = options.DeepClone();
        }

        if (cap > 0 && !(((long?)tree["max_tokens"] ?? (long?)tree["max_completion_tokens"]) <= cap))
        {
            var key = tree["max_tokens"] is not null ? "max_tokens"
                : tree.ContainsKey("max_completion_tokens") ? "max_completion_tokens"
                : tree.ContainsKey("max_tokens") ? "max_tokens" : "the_cap";
            tree[key] = cap;
        }

        return tree;
    }

    private static string Sent(string json, string model, long cap, string? modelOfPath = null, bool namesModel = true)
    {
        var body = Encoding.UTF8.GetBytes(json);
        var request = new InferenceRequest(Operation.ChatCompletions, body, RequestScanner.Scan(Operation.ChatCompletions, body, 64, modelOfPath));
        var target = new AttemptTarget { Provider = new ProviderOptions(), Model = model, OutputCap = cap == 0 ? null : cap };
        using var content = new RequestBodyContent(body, RequestEdits.For(request, target, "the_cap", namesModel));
        using var sent = new MemoryStream();
        Assert.True(content.CopyToAsync(sent, TestContext.Current.CancellationToken).IsCompletedSuccessfully);
        Assert.Equal(content.Headers.ContentLength, sent.Length);
        return Encoding.UTF8.GetString(sent.ToArray());
    }
}
