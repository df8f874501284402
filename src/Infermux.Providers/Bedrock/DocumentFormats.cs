using System.Collections.Frozen;

namespace Infermux.Providers.Bedrock;

/// <summary>The kinds of documents that Converse takes.</summary>
internal static class DocumentFormats
{
    private static readonly FrozenDictionary<string, string> ByMediaType = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["application/pdf"] = "pdf",
        ["text/csv"] = "csv",
        ["text/html"] = "html",
        ["text/plain"] = "txt",
        ["text/markdown"] = "md",
        ["application/msword"] = "doc",
        ["application/vnd.openxmlformats-officedocument.wordprocessingml.document"] = "docx",
        ["application/vnd.ms-excel"] = "xls",
        ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"] = "xlsx",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Their names.</summary>
    public static string Taken { get; } = string.Join(", ", ByMediaType.Values);

    /// <summary>The name of a format, by its media type, else by the file's extension; null: not taken.</summary>
    public static string? Of(string mediaType, string? filename)
    {
        var extension = Path.GetExtension(filename ?? "").TrimStart('.').ToLowerInvariant();
        return mediaType is "text/plain" && extension is "md" or "csv" or "html" ? extension
            : ByMediaType.TryGetValue(mediaType, out var format) ? format
            : mediaType is "application/octet-stream" && ByMediaType.Values.Contains(extension, StringComparer.Ordinal) ? extension
            : null;
    }
}
