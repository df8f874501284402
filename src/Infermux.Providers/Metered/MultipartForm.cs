using System.Net.Http.Headers;
using System.Text;

namespace Infermux.Providers.Metered;

/// <summary>
/// Finds the parts of a form in its bytes (RFC 2046 and 7578) without reading what is in them. Strict where two readers could disagree: what is held and
/// charged for must be what the provider reads. So the boundary may stand nowhere but between parts, and lines end in CRLF.
/// </summary>
internal static class MultipartForm
{
    private const int MostParts = 1_024;
    private const int MostHead = 16 << 10;
    private const int MostBoundary = 70; // RFC 2046

    /// <summary>The boundary that a content type names.</summary>
    /// <exception cref="RequestRefusedException">It is no form, or names no boundary, two, or an impossible one.</exception>
    public static string BoundaryOf(MediaTypeHeaderValue type)
    {
        var given = type.Parameters.Where(static parameter => parameter.Name.Equals("boundary", StringComparison.OrdinalIgnoreCase)).ToList();
        var boundary = given is [{ Value: { } value }] ? Unquoted(value) : "";
        return string.Equals(type.MediaType, "multipart/form-data", StringComparison.OrdinalIgnoreCase)
            && boundary.Length is > 0 and <= MostBoundary && boundary[^1] != ' ' && boundary.All(IsAllowed)
            ? boundary
            : throw new RequestRefusedException(
                "The Content-Type names no boundary of 1 to 70 characters. Send 'multipart/form-data; boundary=…' with the boundary of the body, once.");
    }

    /// <summary>The parts in their order.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="boundary">From its content type.</param>
    /// <param name="start">Where its first part begins: a part can be put there.</param>
    /// <exception cref="RequestRefusedException">It is no form, is cut off, or could be read in two ways.</exception>
    public static List<FormPart> Read(ReadOnlySpan<byte> body, string boundary, out int start)
    {
        var delimiter = Encoding.ASCII.GetBytes("--" + boundary);
        start = body.StartsWith("\r\n"u8) ? 2 : 0;
        if (!body[start..].StartsWith(delimiter))
        {
            throw Refused("does not begin with the boundary that the Content-Type names", "begin it so");
        }

        var parts = new List<FormPart>();
        var at = start + delimiter.Length;
        while (!IsClosed(body[at..]))
        {
            at = AfterLine(body, at);
            var next = body[at..].IndexOf(delimiter);
            if (next < 0 || parts.Count >= MostParts)
            {
                throw next < 0 ? Refused("ends before its closing boundary", "send it whole") : Refused($"has more than {MostParts} parts", "send fewer");
            }

            parts.Add(Part(body, at, at + next));
            at += next + delimiter.Length;
        }

        return body[at..].IndexOf(delimiter) < 0 ? parts : throw Refused("goes on after its closing boundary", "end it there");
    }

    private static bool IsClosed(ReadOnlySpan<byte> rest) => rest.StartsWith("--"u8);

    /// <summary>What follows a boundary on its line: blanks at most.</summary>
    private static int AfterLine(ReadOnlySpan<byte> body, int at)
    {
        while (at < body.Length && body[at] is (byte)' ' or (byte)'\t')
        {
            at++;
        }

        return body[at..].StartsWith("\r\n"u8)
            ? at + 2
            : throw Refused("holds its boundary where no part begins", "choose a boundary that is in none of the parts, and end lines with CRLF");
    }

    private static FormPart Part(ReadOnlySpan<byte> body, int from, int to)
    {
        var part = body[from..to];
        var head = part.StartsWith("\r\n"u8) ? 0 : part.IndexOf("\r\n\r\n"u8);
        if (head is < 0 or > MostHead)
        {
            throw Refused("has a part without the empty line after its head", "write it as RFC 7578 says, with lines that end in CRLF");
        }

        var content = head == 0 ? 2 : head + 4;
        if (part.Length < content + 2 || !part.EndsWith("\r\n"u8))
        {
            throw Refused("holds its boundary where no part ends", "choose a boundary that is in none of the parts, and end lines with CRLF");
        }

        var (name, isFile) = FormHead.Read(part[..head]);
        return new FormPart(name, isFile, new ByteRange(from + content, part.Length - content - 2));
    }

    private static string Unquoted(string value) =>
        value is ['"', .., '"'] && value.Length > 1 ? value[1..^1].Replace("\\", "", StringComparison.Ordinal) : value;

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || "'()+_,-./:=? ".Contains(c, StringComparison.Ordinal);

    private static RequestRefusedException Refused(string what, string mend) => new($"The form {what}; {mend}.");
}
