using System.Globalization;

namespace Infermux.Testing;

/// <summary>Header values with a moment in them: <c>date+2</c> is an HTTP date two seconds ahead, <c>time+2</c> an RFC 3339 time.</summary>
internal static class HeaderValue
{
    public static string Expand(string value, DateTimeOffset now) =>
        value.Length > 5 && value[4] is '+' or '-' && double.TryParse(value.AsSpan(4), CultureInfo.InvariantCulture, out var seconds)
            ? value[..4] switch
            {
                "date" => now.AddSeconds(seconds).ToString("R", CultureInfo.InvariantCulture),
                "time" => now.AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                _ => value,
            }
            : value;
}
