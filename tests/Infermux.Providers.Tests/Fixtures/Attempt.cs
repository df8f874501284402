using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.OpenAi;
using Infermux.Testing;

namespace Infermux.Providers.Tests.Fixtures;

/// <summary>A caller of one dialect before a provider of another: any reply can be read for any caller, without a network.</summary>
internal sealed partial class Attempt
{
    private readonly AttemptTarget _target;
    private readonly IDialect _dialect;
    private readonly InferenceRequest _streamed;
    private readonly InferenceRequest _whole;

    public Attempt(Operation caller, AttemptTarget target)
    {
        _target = target;
        _dialect = Dialects.For(caller, target.Provider);
        _streamed = Request(caller, stream: true);
        _whole = Request(caller, stream: false);
    }

    public Attempt(Operation caller, ReplyDialect upstream) : this(caller, Target(upstream))
    {
    }

    /// <summary>Who can be answered in each dialect: text completions go to OpenAI's as they are, so chat is no answer to them there.</summary>
    public static IEnumerable<Operation> Callers(ReplyDialect upstream)
    {
        Operation[] all = [Operation.ChatCompletions, Operation.Messages, Operation.Responses];
        return upstream is ReplyDialect.Chat or ReplyDialect.Responses ? all : [.. all, Operation.Completions];
    }

    public static AttemptTarget Target(ReplyDialect upstream) => new()
    {
        Provider = upstream switch
        {
            ReplyDialect.Chat => new() { Name = "p", Type = ProviderType.OpenAi, BaseUrl = "http://compatible.example/v1" },
            ReplyDialect.Anthropic => new() { Name = "p", Type = ProviderType.Anthropic },
            ReplyDialect.Gemini => new() { Name = "p", Type = ProviderType.Gemini },
            ReplyDialect.Bedrock => new() { Name = "p", Type = ProviderType.Bedrock, AwsRegion = "us-east-1" },
            ReplyDialect.Responses => new() { Name = "p", Type = ProviderType.OpenAi },
            _ => throw new ArgumentOutOfRangeException(nameof(upstream), upstream, "A dialect that nobody speaks."),
        },
        Model = upstream switch
        {
            ReplyDialect.Anthropic => "claude-haiku-4-5",
            ReplyDialect.Gemini => "gemini-2.5-flash",
            ReplyDialect.Bedrock => "us.anthropic.claude-haiku-4-5-20251001-v1:0",
            ReplyDialect.Responses => "gpt-6.1-sol", // which takes tools by Responses only
            _ => "llama",
        },
        Credential = "k",
        RequestId = "r1",
    };

    /// <summary>Reads a stream in pieces of these sizes, again and again.</summary>
    public Outcome Stream(ReadOnlySpan<byte> wire, params ReadOnlySpan<int> sizes)
    {
        var translator = _dialect.CreateStream(_streamed, _target);
        var output = new ArrayBufferWriter<byte>();
        for (int at = 0, i = 0; at < wire.Length; i++)
        {
            var size = Math.Min(sizes[i % sizes.Length], wire.Length - at);
            translator.Push(wire.Slice(at, size).ToArray(), output); // a copy: what was pushed is not kept
            at += size;
        }

        translator.EndOfBody(output);
        if (translator.Failure is null)
        {
            translator.Complete(translator.Usage ?? default, "{\"cost_usd\":1}"u8, output);
        }

        return new Outcome(Encoding.UTF8.GetString(output.WrittenSpan), translator.Failure?.Class, translator.Usage, translator.Ended);
    }

    public Outcome Whole(ReadOnlySpan<byte> body)
    {
        var output = new ArrayBufferWriter<byte>();
        var answer = _dialect.ReadWhole(_whole, _target, body, output);
        return new Outcome(Encoding.UTF8.GetString(output.WrittenSpan), answer.Failure?.Class, answer.Usage, answer.Failure is null);
    }

    public ProviderFailure Failure(ReadOnlySpan<byte> body)
    {
        using var response = new HttpResponseMessage();
        return _dialect.ReadFailure(400, response.Headers, body);
    }

    private static InferenceRequest Request(Operation caller, bool stream)
    {
        const string Schema = """{"type":"object","properties":{"x":{"type":"string"}}}""";
        var said = caller switch
        {
            Operation.ChatCompletions => $$"""
                "stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"f","parameters":{{Schema}} } }]
                """,
            Operation.Messages => $$""" "max_tokens":1000,"messages":[{"role":"user","content":"hi"}],"tools":[{"name":"f","input_schema":{{Schema}} }]""",
            Operation.Responses => $$""" "input":"hi","tools":[{"type":"function","name":"f","parameters":{{Schema}} },{"type":"custom","name":"edit"}]""",
            _ => """ "stream_options":{"include_usage":true},"prompt":"hi" """,
        };
        if (!stream)
        {
            said = said.Replace("\"stream_options\":{\"include_usage\":true},", "", StringComparison.Ordinal);
        }

        var body = Encoding.UTF8.GetBytes($$"""{"model":"mine","stream":{{(stream ? "true" : "false")}},{{said}}}""");
        var headers = caller == Operation.Messages ? new AnthropicHeaders("2023-06-01", [], BetaPath: false) : null;
        return new InferenceRequest(caller, body, RequestScanner.Scan(caller, body, 64)) { Anthropic = headers };
    }

    /// <summary>What came of one reply.</summary>
    public sealed partial record Outcome(string Text, FailureClass? Failure, TokenUsage? Usage, bool Ended)
    {
        /// <summary>
        /// Equal but for the moment of reading, which answers carry that have none of their own; and but for the usage of a failure, which may stand behind the
        /// place that failed, in the same bytes or not.
        /// </summary>
        public bool IsLike(Outcome other) => this == other || Timeless() == other.Timeless();

        private Outcome Timeless() => this with { Text = Clock().Replace(Text, ""), Usage = Failure is null ? Usage : null };

        /// <summary>The JSON of each event, the terminal mark left out.</summary>
        public IEnumerable<string> Events() => Text.Split('\n').Where(static line => line.StartsWith("data: ", StringComparison.Ordinal))
            .Select(static line => line["data: ".Length..]).Where(static data => data is not "[DONE]");

        [GeneratedRegex("\"(created|created_at|completed_at)\":[0-9]+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5_000)]
        private static partial Regex Clock();
    }
}
