using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Messages;

/// <summary>Anthropic's dialect comes in, whatever the provider behind speaks.</summary>
public sealed class MessagesTests(SharedGateway shared) : IClassFixture<SharedGateway>, IAsyncLifetime
{
    private ScriptedProvider _provider = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _provider = (await shared.ProvidersAsync(new ScriptedProviderOptions { Name = "primary", DefaultPrice = new ScriptedPrice(1m, 2m) }))[0];

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static TheoryData<ProviderType, bool> Upstreams()
    {
        var rows = new TheoryData<ProviderType, bool>();
        foreach (var type in new[] { ProviderType.Anthropic, ProviderType.OpenAi, ProviderType.AzureOpenAi, ProviderType.Ollama })
        {
            rows.Add(type, false);
            rows.Add(type, true);
        }

        return rows;
    }

    private ProviderOptions Upstream(ProviderType type) => type switch
    {
        ProviderType.OpenAi => Setup.OpenAi(_provider, "primary") with { Models = ["gpt-4o"] },
        _ => Setup.Anthropic(_provider, "primary") with { Type = type, Models = ["gpt-4o"] },
    };

    private InfermuxOptions Before(ProviderType type) => Setup.Of(RoutingStrategy.Priority, Upstream(type)).Priced("gpt-4o", 1m, 2m);

    /// <summary>The gateway before a provider of a type, which the tests share.</summary>
    private Task<TestGateway> GatewayAsync(ProviderType type) => shared.GatewayAsync(_ => Before(type), type.ToString());

    private Task<TestGateway> StartAsync(ProviderType type, Func<InfermuxOptions, InfermuxOptions> more) => TestGateway.StartAsync(more(Before(type)));

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task Answer_ComesAsAMessageAndIsSettledToTheDigit(ProviderType type, bool stream)
    {
        _provider.Behaviour = new Behaviour
        {
            Answer = new AnswerScript { Text = "naïve 🙂 answer", PromptTokens = 100, CacheReadTokens = 60 },
            Wire = new WireShape { SplitEvery = 7 },
        };
        var gateway = await GatewayAsync(type);

        var answer = await gateway.SayHiAsync(stream);

        Assert.Equal(200, answer.Status);
        Assert.Equal("naïve 🙂 answer", answer.Text());
        var message = answer.Message();
        Assert.Equal(("gpt-4o", "end_turn", "assistant"), (message["model"]!.GetValue<string>(), message["stop_reason"]!.GetValue<string>(), message["role"]!.GetValue<string>()));
        Assert.Equal((40, 60, 3), (Count(message, "input_tokens"), Count(message, "cache_read_input_tokens"), Count(message, "output_tokens")));
        Assert.Equal(answer.Header("X-Request-Id"), answer.Header("request-id"));
        JsonNode? request = null;
        await TestGateway.UntilAsync(
            async () => (request = (await gateway.GetJsonAsync("/_infermux/requests")).AsArray().FirstOrDefault(row => row!["request_id"]!.GetValue<string>() == answer.Header("X-Request-Id"))) is not null
                && request["cost_usd"]!.GetValue<decimal>() > 0m,
            "it is settled");
        Assert.Equal("Messages", request!["kind"]!.GetValue<string>());
        if (stream)
        {
            Assert.Equal("primary", message["infermux"]!["provider"]!.GetValue<string>());
        }
    }

    [Theory]
    [MemberData(nameof(Upstreams))]
    public async Task ToolLoop_WithThinking_GoesRound(ProviderType type, bool stream)
    {
        _provider.Enqueue(new Behaviour { Answer = new AnswerScript { Reasoning = "let me think", ToolCalls = 2 } });
        _provider.Behaviour = Behaviour.Says("done");
        var gateway = await GatewayAsync(type);
        var common = $$"""  {{(stream ? "\"stream\":true," : "")}}"thinking":{"type":"enabled","budget_tokens":100},"tools":[{{MessagesCalls.Tool}}]  """.Replace("100", "200", StringComparison.Ordinal);

        var asked = await gateway.MessagesAsync($$"""{{common}},"messages":[{"role":"user","content":"go"}]""");
        Assert.True(asked.Status == 200, asked.Body);
        var content = asked.Message()["content"]!.AsArray();
        Assert.Equal(["thinking", "tool_use", "tool_use"], content.Select(static block => block!["type"]!.GetValue<string>()));
        Assert.Equal("let me think", content[0]!["thinking"]!.GetValue<string>());
        Assert.Equal("example", content[1]!["input"]!["city"]!.GetValue<string>());
        Assert.Equal("tool_use", asked.Message()["stop_reason"]!.GetValue<string>());
        var results = string.Join(',', content.Skip(1).Select(static call => $$"""{"type":"tool_result","tool_use_id":"{{call!["id"]}}","content":"ok"}"""));
        var answered = await gateway.MessagesAsync(
            $$"""{{common}},"messages":[{"role":"user","content":"go"},{"role":"assistant","content":{{content.ToJsonString()}} },{"role":"user","content":[{{results}}]}]""");

        Assert.True(answered.Status == 200, answered.Body);
        Assert.Equal("done", answered.Text());
        Assert.Equal(2, _provider.Truth.Answered);
    }

    [Theory]
    [InlineData(ProviderType.Anthropic)]
    [InlineData(ProviderType.OpenAi)]
    public async Task Image_GoesUpstream(ProviderType type)
    {
        var gateway = await GatewayAsync(type);
        var answer = await gateway.MessagesAsync(
            """  "messages":[{"role":"user","content":[{"type":"text","text":"what?"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}]}]  """);
        Assert.Equal(200, answer.Status);
        Assert.Contains("iVBORw0KGgo=", _provider.Requests[0].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x-api-key=the-right-key", 200)]
    [InlineData("x-api-key=another-key", 401)]
    [InlineData("api-key=the-right-key", 200)]
    [InlineData("api-key=another-key", 401)]
    public async Task StaticKey_AsAnthropicsAndAzuresClientsSendIt_IsTheKey(string header, int status)
    {
        await using var gateway = await StartAsync(ProviderType.Anthropic, o => o with { Auth = new AuthOptions { Mode = AuthMode.StaticKey, Key = "the-right-key" } });

        var answer = await gateway.SayHiAsync(headers: header);

        Assert.Equal(status, answer.Status);
        if (status == 401)
        {
            Assert.Equal(("error", "authentication_error", answer.Header("request-id")), (
                answer.Json["type"]!.GetValue<string>(), answer.Json["error"]!["type"]!.GetValue<string>(), answer.Json["request_id"]!.GetValue<string>()));
        }
    }

    [Theory]
    [InlineData("""{"model":"gpt-4o","messages":[]}""", 400, "invalid_request_error", "invalid_request")]
    [InlineData("""{"model":"nobody","max_tokens":1,"messages":[{"role":"user","content":"x"}]}""", 404, "not_found_error", "model_not_found")]
    [InlineData("""{"model":"gpt-4o","max_tokens":1,"messages":[{"role":"robot","content":"x"}]}""", 400, "invalid_request_error", "invalid_request")]
    public async Task Refusal_OfOurs_HasAnthropicsShape(string body, int status, string type, string code)
    {
        var gateway = await GatewayAsync(ProviderType.OpenAi);

        var answer = await gateway.PostAsync("/v1/messages", body);

        Assert.Equal((status, type, code), (answer.Status, answer.Json["error"]!["type"]!.GetValue<string>(), answer.Json["error"]!["code"]!.GetValue<string>()));
        Assert.Equal(code, answer.Header("X-Infermux-Error"));
    }

    [Fact]
    public async Task UnknownPath_UnderMessages_IsRefusedInAnthropicsShape()
    {
        var gateway = await GatewayAsync(ProviderType.OpenAi);
        var answer = await gateway.PostAsync("/v1/messages/batches", "{}");
        Assert.Equal((404, "not_found_error"), (answer.Status, answer.Json["error"]!["type"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData(ProviderType.Anthropic)]
    [InlineData(ProviderType.OpenAi)]
    public async Task Refusal_OfTheProvider_ComesInAnthropicsShape(ProviderType type)
    {
        _provider.Behaviour = Behaviour.Fails(400, code: "invalid_request_error", message: "no such temperature");
        var gateway = await GatewayAsync(type);

        var answer = await gateway.SayHiAsync();

        Assert.Equal((400, "error", "invalid_request_error"), (answer.Status, answer.Json["type"]!.GetValue<string>(), answer.Json["error"]!["type"]!.GetValue<string>()));
        Assert.Contains("no such temperature", answer.Json["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotNull(answer.Json["request_id"]);
    }

    [Theory]
    [InlineData(ProviderType.Anthropic, false)]
    [InlineData(ProviderType.OpenAi, false)]
    [InlineData(ProviderType.Anthropic, true)]
    [InlineData(ProviderType.OpenAi, true)]
    public async Task Stream_ThatBreaksAfterContent_EndsWithAnErrorEvent(ProviderType type, bool cut)
    {
        _provider.Behaviour = Behaviour.Says("one two three") with { Fault = cut ? Fault.CutWithoutEnd : Fault.ErrorEvent, AfterEvents = 2 };
        var gateway = await GatewayAsync(type);

        var answer = await gateway.SayHiAsync(stream: true);

        Assert.Equal(200, answer.Status);
        Assert.Contains("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\"", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("event: message_stop", answer.Body, StringComparison.Ordinal);
        Assert.Equal("upstream_error", answer.Trailers["X-Infermux-Error"]);
    }

    [Fact]
    public async Task Silence_AfterCommit_IsFilledWithPings()
    {
        _provider.Behaviour = Behaviour.Says("one two") with { ChunkInterval = TimeSpan.FromMilliseconds(400) };
        await using var gateway = await StartAsync(ProviderType.OpenAi, o => o with { Stream = new StreamOptions { Heartbeat = TimeSpan.FromMilliseconds(50) } });

        var answer = await gateway.SayHiAsync(stream: true);

        Assert.Contains("event: ping\ndata: {\"type\": \"ping\"}\n\n", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(": heartbeat", answer.Body, StringComparison.Ordinal);
        Assert.Equal("one two", answer.Text());
    }

    [Theory]
    [InlineData(ProviderType.Anthropic)]
    [InlineData(ProviderType.OpenAi)]
    public async Task Caller_HangsUpMidStream_UpstreamIsClosedAndWhatCameIsSettled(ProviderType type)
    {
        _provider.Behaviour = Behaviour.Calm with { ChunkInterval = TimeSpan.FromMilliseconds(10), Answer = new AnswerScript { Words = 10_000 } };
        var gateway = await GatewayAsync(type);
        using (var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages"))
        {
            request.Headers.Add("X-Request-Id", "hung-up");
            request.Content = new StringContent("""{"model":"gpt-4o","max_tokens":20000,"stream":true,"messages":[{"role":"user","content":"x"}]}""", System.Text.Encoding.UTF8, "application/json");
            using var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
            await using var body = await response.Content.ReadAsStreamAsync(Cancel);
            using var reader = new StreamReader(body);
            while (!(await reader.ReadLineAsync(Cancel))!.Contains("text_delta", StringComparison.Ordinal))
            {
            }
        }

        await _provider.WaitForAsync(t => t.Cancelled == 1, Cancel);
        await TestGateway.UntilAsync(
            async () => (await gateway.GetJsonAsync("/_infermux/requests")).AsArray().Any(static row => row!["request_id"]!.GetValue<string>() == "hung-up" && row["cost_usd"]!.GetValue<decimal>() > 0m),
            "what came is settled");
    }

    [Fact]
    public async Task Budget_UsedUp_IsABillingErrorWithItsFigures()
    {
        await using var gateway = await StartAsync(ProviderType.Anthropic, o => o.Budgeted(new BudgetOptions { Caller = "alice", LimitUsd = 0.0001m, Action = BudgetAction.HardStop }));

        var answer = await gateway.SayHiAsync(headers: "X-Infermux-Caller=alice");

        var error = answer.Json["error"]!;
        Assert.Equal((429, "billing_error", "budget_exceeded", 0.0001m), (
            answer.Status, error["type"]!.GetValue<string>(), error["code"]!.GetValue<string>(), error["limit_usd"]!.GetValue<decimal>()));
        Assert.Equal("false", answer.Header("x-should-retry"));
        Assert.Empty(_provider.Requests);
    }

    [Fact]
    public async Task Betas_GoByTheListAndWhatIsLeftOutIsNamed()
    {
        var gateway = await GatewayAsync(ProviderType.Anthropic);

        var answer = await gateway.MessagesAsync(
            """  "context_management":{"edits":[]},"speed":"fast","messages":[{"role":"user","content":"x"}]  """,
            headers: ["anthropic-beta=context-management-2025-06-27, fast-mode-2026-02-01"]);

        Assert.True(answer.Status == 200, answer.Body); // the scripted provider refuses fields without their beta
        Assert.Equal("anthropic-beta: fast-mode-2026-02-01, speed", answer.Header("X-Infermux-Dropped"));
    }

    [Theory]
    [InlineData(ProviderType.Anthropic, false, "7")]
    [InlineData(ProviderType.Anthropic, true, "7")]
    [InlineData(ProviderType.OpenAi, false, null)]
    public async Task Limits_OfAnthropic_ReachItsOwnClients(ProviderType type, bool stream, string? expected)
    {
        _provider.Behaviour = Behaviour.Says("x") with
        {
            Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["anthropic-ratelimit-requests-remaining"] = "7", ["anthropic-organization-id"] = "org" },
        };
        var gateway = await GatewayAsync(type);
        var answer = await gateway.SayHiAsync(stream);
        Assert.Equal((expected, null), (answer.Header("anthropic-ratelimit-requests-remaining"), answer.Header("anthropic-organization-id")));
    }

    [Fact]
    public async Task FieldNames_ThatNoHeaderCanHold_AreNamedAllTheSame()
    {
        var gateway = await GatewayAsync(ProviderType.OpenAi);
        var answer = await gateway.MessagesAsync("""  "é\u0001\r\nX-Forged":1,"messages":[{"role":"user","content":"x"}]  """);
        Assert.Equal((200, "????X-Forged"), (answer.Status, answer.Header("X-Infermux-Dropped")));
    }

    [Fact]
    public async Task Models_InAnthropicsShape_ForWhoSendsItsVersion()
    {
        await using var gateway = await StartAsync(ProviderType.Anthropic, o => o with
        {
            Providers = [o.Providers[0] with { Models = ["a", "b", "c"], ModelAliases = new Dictionary<string, string>(StringComparer.Ordinal) { ["d"] = "claude-sonnet-4-5" } }],
        });
        async Task<JsonNode> GetAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("anthropic-version", "2023-06-01");
            using var response = await gateway.Client.SendAsync(request, Cancel);
            return JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!;
        }

        var all = await GetAsync("/v1/models");
        Assert.Equal((4, false, "a", "d"), (all["data"]!.AsArray().Count, all["has_more"]!.GetValue<bool>(), all["first_id"]!.GetValue<string>(), all["last_id"]!.GetValue<string>()));
        Assert.Equal(("model", "1970-01-01T00:00:00Z"), (all["data"]![0]!["type"]!.GetValue<string>(), all["data"]![0]!["created_at"]!.GetValue<string>()));
        var page = await GetAsync("/v1/models?limit=2&after_id=a");
        Assert.Equal((2, true, "b", "c"), (page["data"]!.AsArray().Count, page["has_more"]!.GetValue<bool>(), page["first_id"]!.GetValue<string>(), page["last_id"]!.GetValue<string>()));
        Assert.Equal("a", (await GetAsync("/v1/models?limit=1&before_id=b"))["first_id"]!.GetValue<string>());
        Assert.Equal("invalid_request_error", (await GetAsync("/v1/models?limit=0"))["error"]!["type"]!.GetValue<string>());
        Assert.Equal("d", (await GetAsync("/v1/models/d"))["id"]!.GetValue<string>());
        Assert.Equal("not_found_error", (await GetAsync("/v1/models/nobody"))["error"]!["type"]!.GetValue<string>());
        Assert.Equal("list", (await gateway.GetJsonAsync("/v1/models"))["object"]!.GetValue<string>());
    }

    private static int Count(JsonObject message, string name) => message["usage"]![name]!.GetValue<int>();
}
