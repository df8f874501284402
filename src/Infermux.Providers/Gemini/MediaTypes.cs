namespace Infermux.Providers.Gemini;

/// <summary>Media types that chat does not say.</summary>
internal static class MediaTypes
{
    /// <summary>The usual spelling: <c>image/jpg</c> is <c>image/jpeg</c>.</summary>
    public static string Usual(string type) => type is "image/jpg" ? "image/jpeg" : type;

    /// <summary>By the end of a URL's path; null where it says nothing, and then the server that is asked for it does.</summary>
    public static string? OfUrl(string url)
    {
        var path = url.AsSpan();
        var end = path.IndexOfAny('?', '#');
        path = end < 0 ? path : path[..end];
        var dot = path.LastIndexOf('.');
        return dot < path.LastIndexOf('/') || dot < 0 ? null : OfEnding(path[(dot + 1)..].ToString().ToLowerInvariant());
    }

    /// <summary>By <c>input_audio.format</c>.</summary>
    public static string OfAudio(string format) => format is "mpeg" ? "audio/mp3" : $"audio/{format}";

    private static string? OfEnding(string ending) => ending switch
    {
        "png" or "webp" or "heic" or "heif" or "gif" => $"image/{ending}",
        "jpg" or "jpeg" => "image/jpeg",
        "pdf" => "application/pdf",
        "mp4" or "webm" => $"video/{ending}",
        "mov" => "video/quicktime",
        "mp3" or "wav" or "flac" or "ogg" or "aac" => $"audio/{ending}",
        _ => null,
    };
}
