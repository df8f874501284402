using System.Globalization;
using System.Net.Http.Headers;
using Infermux.Gateway.Inference.Attempts;
using Infermux.Gateway.Inference.Inbound;
using Infermux.Gateway.Requests;

namespace Infermux.Gateway.Inference.Outbound;

/// <summary>The <c>X-Infermux-*</c> headers: what was decided, on answers and on errors alike.</summary>
internal static class AnswerHeaders
{
    /// <summary>Names in <c>X-Infermux-Dropped</c>; further ones are left out, since a header has its limits.</summary>
    private const int MostDropped = 50;

    public const string Latency = "X-Infermux-Latency-Ms";
    public const string Cost = "X-Infermux-Cost";
    public const string PromptTokens = "X-Infermux-Prompt-Tokens";
    public const string CompletionTokens = "X-Infermux-Completion-Tokens";
    public const string Error = "X-Infermux-Error";

    /// <summary>What is known before the answer: provider, model, strategy, group, override, attempts.</summary>
    public static void Decision(IHeaderDictionary headers, Attempt attempt)
    {
        Decision(headers, attempt.Record);
        if (attempt.Target.OutputCap is { } cap && !(attempt.Exchange.Request.Facts.MaxTokens <= cap))
        {
            headers["X-Infermux-Max-Tokens"] = Number(cap);
        }

        if (attempt.Dialect.IsPassthrough && AnthropicInbound.Is(attempt.Exchange.Request.Operation) && attempt.ProviderHeaders is { } answered)
        {
            CopyLimits(headers, answered);
        }

        var dropped = attempt.Dialect.DroppedFields(attempt.Exchange.Request, attempt.Target);
        if (dropped.Count > 0)
        {
            headers["X-Infermux-Dropped"] = string.Join(", ", dropped.Take(MostDropped).Select(Text)); // some are names that a caller made up
        }
    }

    /// <summary>What Anthropic says of its limits is for its own clients, which pace themselves by it.</summary>
    private static void CopyLimits(IHeaderDictionary headers, HttpResponseHeaders answered)
    {
        foreach (var (name, values) in answered.NonValidated)
        {
            if (name.StartsWith("anthropic-ratelimit-", StringComparison.OrdinalIgnoreCase))
            {
                headers[name] = Text(values.ToString());
            }
        }
    }

    public static void Decision(IHeaderDictionary headers, AttemptRecord attempt)
    {
        var selection = attempt.Selection;
        headers["X-Infermux-Provider"] = selection.Provider;
        headers["X-Infermux-Model"] = Text(selection.TargetModel);
        headers["X-Infermux-Strategy"] = selection.Strategy;
        headers["X-Infermux-Attempts"] = Number(attempt.Try);
        if (selection.Group.Length > 0)
        {
            headers["X-Infermux-Route-Group"] = Text(selection.Group);
        }

        if (selection.Degraded)
        {
            headers["X-Infermux-Degraded"] = "true";
        }

        if (selection.ModelOverride is { } replaced)
        {
            headers["X-Infermux-Model-Override"] = Text(replaced);
        }
    }

    /// <summary>The same as trailers, for a stream whose headers left before anything was decided.</summary>
    public static void Decision(List<(string Name, string Value)> trailers, Attempt attempt)
    {
        var decided = new HeaderDictionary();
        Decision(decided, attempt);
        trailers.AddRange(decided.Select(header => (header.Key, header.Value.ToString())));
    }

    /// <summary>What is known after the answer.</summary>
    public static void Figures(IHeaderDictionary headers, AttemptRecord attempt)
    {
        headers[Latency] = Milliseconds(attempt.Latency ?? TimeSpan.Zero);
        headers[Cost] = Usd(attempt.Cost);
        headers[PromptTokens] = Number(attempt.Usage?.Prompt ?? 0);
        headers[CompletionTokens] = Number(attempt.Usage?.Output ?? 0);
    }

    /// <summary>Plain decimal, no exponent, as many digits as it needs.</summary>
    public static string Usd(decimal usd) => usd.ToString("0.############################", CultureInfo.InvariantCulture);

    public static string Milliseconds(TimeSpan time) => Number((long)time.TotalMilliseconds);

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Names come from configuration and may hold what a header cannot.</summary>
    private static string Text(string value) => Printable.Of(value);
}
