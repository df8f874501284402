using System.Globalization;
using System.Text.RegularExpressions;
using Infermux.Gateway.Tests.Support;

namespace Infermux.Gateway.Tests.Chunkings;

/// <summary>A request of each inbound dialect, and what its answers have in common.</summary>
internal static partial class InboundCall
{
    public static readonly string[] Paths = ["/v1/chat/completions", "/v1/messages", "/v1/responses", "/v1/completions"];

    /// <summary>Asks with a prompt, offering the tool that replies call.</summary>
    public static Task<Answer> AskAsync(this TestGateway gateway, string path, string model, string prompt, bool stream)
    {
        const string Schema = """{"type":"object","properties":{"x":{"type":"string"}}}""";
        var members = path switch
        {
            "/v1/chat/completions" => $$""" "messages":[{"role":"user","content":"{{prompt}}"}],"tools":[{"type":"function","function":{"name":"f","parameters":{{Schema}} } }]""",
            "/v1/messages" => $$""" "max_tokens":1000,"messages":[{"role":"user","content":"{{prompt}}"}],"tools":[{"name":"f","input_schema":{{Schema}} }]""",
            "/v1/responses" => $$""" "input":"{{prompt}}","tools":[{"type":"function","name":"f","parameters":{{Schema}} },{"type":"custom","name":"edit"}]""",
            _ => $$""" "prompt":"{{prompt}}" """,
        };
        return gateway.PostAsync(
            path, $$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},{{members}}}""", "X-Request-Id=same", "anthropic-version=2023-06-01");
    }

    /// <summary>USD, wherever the answer says them.</summary>
    public static decimal Cost(this Answer answer) =>
        decimal.Parse(answer.Header("X-Infermux-Cost") ?? answer.Trailers["X-Infermux-Cost"], CultureInfo.InvariantCulture);

    /// <summary>The end that the dialect has.</summary>
    public static bool Ends(this Answer answer, string path) => path switch
    {
        "/v1/messages" => answer.Body.Contains("event: message_stop\n", StringComparison.Ordinal),
        "/v1/responses" => answer.Body.Contains("event: response.completed\n", StringComparison.Ordinal) || answer.Body.Contains("event: response.incomplete\n", StringComparison.Ordinal),
        _ => answer.Body.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal),
    };

    /// <summary>The body without what tells one moment from another.</summary>
    public static string Timeless(this Answer answer) => Moments().Replace(answer.Body, "");

    [GeneratedRegex("\"(created|created_at|completed_at|latency_ms|ttft_ms)\":[0-9.]+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Moments();
}
