using System.Text;
using Infermux.Core.Configuration;
using Infermux.Providers;
using Infermux.Providers.OpenAi;

namespace Infermux.Benchmarks;

/// <summary>A caller of one dialect before a provider of another, with a request of 4 KB that offers a tool.</summary>
internal sealed class Pair
{
    private const string Words = "Please summarise the paragraph above in two sentences, keep its \\\"tone\\\", and say what you left out.\\n";
    private const string Schema = """{"type":"object","properties":{"city":{"type":"string","description":"Where"}},"required":["city"],"additionalProperties":false}""";

    private readonly Operation _caller;
    private readonly byte[] _body;

    public Pair(Operation caller, UpstreamKind upstream, bool stream)
    {
        _caller = caller;
        _body = Encoding.UTF8.GetBytes(Body(caller, stream));
        Target = new AttemptTarget
        {
            Provider = new ProviderOptions
            {
                Name = "p",
                Type = upstream switch { UpstreamKind.Anthropic => ProviderType.Anthropic, UpstreamKind.Gemini => ProviderType.Gemini, UpstreamKind.Bedrock => ProviderType.Bedrock, _ => ProviderType.OpenAi },
                AwsRegion = "us-east-1",
            },
            Model = upstream switch
            {
                UpstreamKind.Anthropic => "claude-haiku-4-5",
                UpstreamKind.Gemini => "gemini-2.5-flash",
                UpstreamKind.Bedrock => "us.anthropic.claude-haiku-4-5-20251001-v1:0",
                UpstreamKind.Responses => "gpt-6.1-sol", // which takes tools by Responses only
                _ => "gpt-4o-mini-2024-07-18",
            },
            Credential = "key",
            RequestId = "r1",
        };
        Dialect = Dialects.For(caller, Target.Provider);
    }

    public AttemptTarget Target { get; }

    public IDialect Dialect { get; }

    /// <summary>A request as it comes in: scanned, and nothing of it known from before.</summary>
    public InferenceRequest Request() => new(_caller, _body, RequestScanner.Scan(_caller, _body, 64))
    {
        Anthropic = _caller == Operation.Messages ? new AnthropicHeaders("2023-06-01", [], BetaPath: false) : null,
    };

    private static string Body(Operation caller, bool stream)
    {
        var turns = string.Join(',', Enumerable.Range(0, 9).Select(static n => $$"""{"role":"{{(n % 2 == 0 ? "user" : "assistant")}}","content":"{{string.Concat(Enumerable.Repeat(Words, 4))}}"}"""));
        var common = $"\"model\":\"mine\",\"stream\":{(stream ? "true" : "false")},\"max_tokens\":256,\"messages\":";
        return caller == Operation.Messages
            ? $$"""{{{common}}[{{turns}}],"system":"{{Words}}","tools":[{"name":"get_weather","description":"Weather of a city","input_schema":{{Schema}} }]}"""
            : $$"""{{{common}}[{"role":"system","content":"{{Words}}"},{{turns}}],{{(stream ? "\"stream_options\":{\"include_usage\":true}," : "")}}"tools":[{"type":"function","function":{"name":"get_weather","description":"Weather of a city","parameters":{{Schema}} } }]}""";
    }
}
