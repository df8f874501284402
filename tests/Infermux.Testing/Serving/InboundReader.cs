using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Infermux.Testing;

/// <summary>Reads a request from the wire, and finds who it is charged to.</summary>
internal static partial class InboundReader
{
    public static async Task<byte[]> BodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream(capacity: (int)Math.Min(request.ContentLength ?? 4096, 1 << 20));
        await request.Body.CopyToAsync(buffer, cancellationToken);
        return buffer.ToArray();
    }

    /// <summary>A form as the object that its JSON would be, each file in <c>files</c> with its field, its name and its length; any other body as JSON.</summary>
    public static async Task<JsonElement?> ParseAsync(HttpRequest request, byte[] body, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType)
        {
            return Parse(body);
        }

        request.Body = new MemoryStream(body);
        try
        {
            var form = await request.ReadFormAsync(cancellationToken);
            var members = form.ToDictionary(static field => field.Key, static object (field) => field.Value.ToString(), StringComparer.Ordinal);
            members["files"] = form.Files.Select(static file => new { field = file.Name, name = file.FileName, length = file.Length }).ToList();
            return JsonSerializer.SerializeToElement(members);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return null; // the dialect's own 400 says so
        }
    }

    private static JsonElement? Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null; // the dialect's own 400 says so
        }
    }

    public static string? Credential(IHeaderDictionary headers)
    {
        var bearer = headers.Authorization.ToString();
        return bearer.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? bearer["Bearer ".Length..]
            : headers["x-api-key"].ToString() is { Length: > 0 } key ? key
            : headers["api-key"].ToString() is { Length: > 0 } azure ? azure
            : headers["x-goog-api-key"].ToString() is { Length: > 0 } google ? google
            : null;
    }

    /// <summary>The marker <c>caller=NAME</c> in the body, else the credential, else <c>anonymous</c>. A router hides its callers' headers; a prompt travels.</summary>
    public static string Caller(byte[] body, IHeaderDictionary headers)
    {
        if (body.AsSpan().IndexOf("caller="u8) is >= 0 and var at
            && CallerMarker().Match(Encoding.UTF8.GetString(body, at, Math.Min(160, body.Length - at))) is { Success: true } match)
        {
            return match.Groups["name"].Value;
        }

        return Credential(headers) ?? "anonymous";
    }

    [GeneratedRegex("^caller=(?<name>[A-Za-z0-9_.@-]{1,128})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CallerMarker();
}
