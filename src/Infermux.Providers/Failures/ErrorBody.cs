using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Infermux.Providers.Failures;

/// <summary>What could be read of an error body, in whichever of the known shapes it came.</summary>
internal sealed record ErrorBody
{
    private const int MaxMessageChars = 1_000;

    /// <summary>The provider's words, not yet masked; empty where it said nothing.</summary>
    public string Message { get; init; } = "";

    /// <summary><c>type</c>, or Google's <c>status</c>.</summary>
    public string? Type { get; init; }

    /// <summary><c>code</c> as text, a number too.</summary>
    public string? Code { get; init; }

    /// <summary><c>param</c>.</summary>
    public string? Param { get; init; }

    /// <summary>A status inside the body, for errors that came with 200.</summary>
    public int? Status { get; init; }

    /// <summary>Everything a marker may hide in: nested codes, reasons, the raw text of a provider behind a reseller.</summary>
    public string Details { get; init; } = "";

    /// <summary>Google's <c>RetryInfo.retryDelay</c>.</summary>
    public string? RetryDelay { get; init; }

    /// <summary>Whether the body is OpenAI's <c>{"error": {"message": …}}</c> and can be relayed as it is.</summary>
    public bool IsOpenAiShaped { get; init; }

    /// <summary>Reads in the order: <c>error</c> object, <c>error</c> string, <c>detail</c>, <c>message</c>, first element of an array, raw text.</summary>
    public static ErrorBody Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 128 });
            using var document = JsonDocument.ParseValue(ref reader);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // no JSON, or a string that is not Unicode
        {
            return new ErrorBody { Message = RawText(body) };
        }
    }

    private static ErrorBody Read(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0)
        {
            return Read(root[0]) with { IsOpenAiShaped = false };
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            return new ErrorBody { Message = Cut(root.ValueKind == JsonValueKind.String ? root.GetString()! : root.GetRawText()) };
        }

        if (root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
        {
            return FromObject(error, root) with { IsOpenAiShaped = Text(error, "message") is not null };
        }

        return FromObject(root, root) with
        {
            Message = Cut(error.ValueKind == JsonValueKind.String ? error.GetString()! : Detail(root) ?? Words(root)),
        };
    }

    private static ErrorBody FromObject(JsonElement error, JsonElement root) => new()
    {
        Message = Cut(Words(error)),
        Type = Text(error, "type") ?? Text(error, "status"),
        Code = Text(error, "code"),
        Param = Text(error, "param"),
        Status = Number(error, "code") ?? Number(error, "status_code") ?? Number(error, "status") ?? Number(root, "statusCode"),
        Details = Nested(error),
        RetryDelay = FindDelay(error),
    };

    private static string Words(JsonElement error) =>
        Text(error, "message") ?? Text(error, "Message") ?? Text(error, "detail") ?? error.GetRawText();

    /// <summary>A text, or the list of FastAPI's validation errors.</summary>
    private static string? Detail(JsonElement root) => !root.TryGetProperty("detail", out var detail) ? null
        : detail.ValueKind == JsonValueKind.String ? detail.GetString()
        : detail.ValueKind == JsonValueKind.Array && detail.GetArrayLength() > 0 && Text(detail[0], "msg") is { } said ? said
        : detail.GetRawText();

    private static string Nested(JsonElement error)
    {
        var found = new StringBuilder();
        foreach (var name in (ReadOnlySpan<string>)["innererror", "metadata", "details", "failed_generation"])
        {
            if (error.TryGetProperty(name, out var value))
            {
                found.Append(Cut(value.GetRawText())).Append('\n');
            }
        }

        return found.ToString();
    }

    private static string? FindDelay(JsonElement error)
    {
        if (error.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Array)
        {
            foreach (var detail in details.EnumerateArray())
            {
                if (Text(detail, "retryDelay") is { } delay)
                {
                    return delay;
                }
            }
        }

        return null;
    }

    private static string? Text(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        }
        : null;

    private static int? Number(JsonElement of, string name) => int.TryParse(Text(of, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 400 and < 600 ? number : null;

    private static string RawText(ReadOnlySpan<byte> body)
    {
        var text = Cut(Encoding.UTF8.GetString(body[..Math.Min(body.Length, 4 * MaxMessageChars)]).Trim());
        if (!text.StartsWith('<'))
        {
            return text;
        }

        var from = text.IndexOf("<title>", StringComparison.OrdinalIgnoreCase);
        var to = text.IndexOf("</title>", StringComparison.OrdinalIgnoreCase);
        return from >= 0 && to > from ? $"an HTML page titled '{text[(from + 7)..to].Trim()}'" : "an HTML page";
    }

    private static string Cut(string text) => text.Length <= MaxMessageChars ? text : text[..MaxMessageChars] + "…";
}
