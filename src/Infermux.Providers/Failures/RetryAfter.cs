using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Infermux.Providers.Failures;

/// <summary>
/// How long a provider asks to be left alone, in the order in which OpenAI's own client reads it: <c>retry-after-ms</c>, <c>retry-after</c> (seconds or a
/// date), Google's <c>RetryInfo</c>, the words of the message, the reset headers of the limit that is used up. What is not above zero says nothing.
/// </summary>
internal static partial class RetryAfter
{
    /// <summary>The wait, or null where nothing usable was said.</summary>
    /// <param name="headers">The response's headers; null inside a stream.</param>
    /// <param name="body">Its error body.</param>
    /// <param name="now">Used for a date where the response has no <c>Date</c> of its own.</param>
    public static TimeSpan? Read(HttpResponseHeaders? headers, ErrorBody body, DateTimeOffset now) =>
        FromHeaders(headers, now)
        ?? Duration(body.RetryDelay)
        ?? Duration(Words().Match(body.Message) is { Success: true } said ? said.Groups["wait"].Value : null)
        ?? FromResets(headers);

    /// <summary>Go durations (<c>1m6.779s</c>, <c>11ms</c>) and plain seconds.</summary>
    internal static TimeSpan? Duration(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            return Positive(seconds);
        }

        var match = GoDuration().Match(text.Trim());
        return !match.Success || match.Length == 0
            ? null
            : Positive((Part(match, "h") * 3600) + (Part(match, "m") * 60) + Part(match, "s") + (Part(match, "ms") / 1000));
    }

    private static TimeSpan? FromHeaders(HttpResponseHeaders? headers, DateTimeOffset now)
    {
        if (double.TryParse(First(headers, "retry-after-ms"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ms) && Positive(ms / 1000) is { } exact)
        {
            return exact;
        }

        var value = First(headers, "retry-after");
        return Duration(value) ?? (DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? Positive((date - (headers?.Date ?? now)).TotalSeconds)
            : null);
    }

    /// <summary>Both limits have a reset; only the one with nothing left says when to come back.</summary>
    private static TimeSpan? FromResets(HttpResponseHeaders? headers)
    {
        TimeSpan? longest = null;
        foreach (var limit in (ReadOnlySpan<string>)["requests", "tokens"])
        {
            if (First(headers, $"x-ratelimit-remaining-{limit}") is "0" && Duration(First(headers, $"x-ratelimit-reset-{limit}")) is { } reset && !(reset < longest))
            {
                longest = reset;
            }
        }

        return longest;
    }

    private static TimeSpan? Positive(double seconds) => seconds > 0 && seconds < TimeSpan.FromDays(365).TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;

    private static double Part(Match match, string unit) =>
        match.Groups[unit] is { Success: true } group ? double.Parse(group.Value, CultureInfo.InvariantCulture) : 0;

    private static string? First(HttpResponseHeaders? headers, string name) =>
        headers is not null && headers.NonValidated.TryGetValues(name, out var values) && values.Count > 0 ? values.ToString().Trim() : null;

    [GeneratedRegex("""(?:try again|retry) (?:in|after) (?<wait>[0-9hms.]+[0-9hms])""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 200)]
    private static partial Regex Words();

    [GeneratedRegex("""^(?:(?<h>[0-9]+(?:\.[0-9]+)?)h)?(?:(?<m>[0-9]+(?:\.[0-9]+)?)m)?(?:(?<s>[0-9]+(?:\.[0-9]+)?)s)?(?:(?<ms>[0-9]+(?:\.[0-9]+)?)ms)?$""", RegexOptions.CultureInvariant, 200)]
    private static partial Regex GoDuration();
}
