using System.Text;

namespace Infermux.Providers.Metered;

/// <summary>Reads the header lines of one part of a form (RFC 7578): the field's name and whether it is a file.</summary>
internal static class FormHead
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="RequestRefusedException">The head names no field, or more than one, or can be read in two ways.</exception>
    public static (string Name, bool IsFile) Read(ReadOnlySpan<byte> head)
    {
        string? disposition = null;
        while (!head.IsEmpty)
        {
            var end = head.IndexOf("\r\n"u8);
            var line = Text(end < 0 ? head : head[..end]);
            head = end < 0 ? default : head[(end + 2)..];
            disposition = ReadLine(line, disposition);
        }

        return disposition is null ? throw Refused("has no Content-Disposition", "name its field") : ReadDisposition(disposition);
    }

    private static string? ReadLine(string line, string? disposition)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || line[0] is ' ' or '\t' || line[colon - 1] is ' ' or '\t' || line.AsSpan().ContainsAny("\r\n\0"))
        {
            throw Refused($"has a line that is no header", "write 'Name: value' on one line");
        }

        var name = line.AsSpan(0, colon);
        if (name.Equals("Content-Transfer-Encoding", StringComparison.OrdinalIgnoreCase) && !IsPlain(line.AsSpan(colon + 1).Trim()))
        {
            throw Refused("is encoded", "send it without a Content-Transfer-Encoding, as RFC 7578 says");
        }

        return !name.Equals("Content-Disposition", StringComparison.OrdinalIgnoreCase) ? disposition
            : disposition is null ? line[(colon + 1)..].Trim()
            : throw Refused("has two Content-Dispositions", "send one");
    }

    private static bool IsPlain(ReadOnlySpan<char> coding) => coding.Equals("binary", StringComparison.OrdinalIgnoreCase)
        || coding.Equals("8bit", StringComparison.OrdinalIgnoreCase) || coding.Equals("7bit", StringComparison.OrdinalIgnoreCase);

    private static (string Name, bool IsFile) ReadDisposition(string disposition)
    {
        var rest = disposition.AsSpan();
        var semicolon = rest.IndexOf(';');
        if (semicolon < 0 || !rest[..semicolon].Trim().Equals("form-data", StringComparison.OrdinalIgnoreCase))
        {
            throw Refused("is no form-data with a name", "write 'Content-Disposition: form-data; name=\"…\"'");
        }

        string? name = null;
        var isFile = false;
        rest = rest[(semicolon + 1)..];
        while (TakeParameter(ref rest, out var key, out var value))
        {
            if (key.Equals("name*", StringComparison.OrdinalIgnoreCase) || (key.Equals("name", StringComparison.OrdinalIgnoreCase) && name is not null))
            {
                throw Refused("has two names, or a coded one", "give one 'name'");
            }

            name = key.Equals("name", StringComparison.OrdinalIgnoreCase) ? value : name;
            isFile |= key.StartsWith("filename", StringComparison.OrdinalIgnoreCase);
        }

        return name is { Length: > 0 } ? (name, isFile) : throw Refused("has no name", "write 'Content-Disposition: form-data; name=\"…\"'");
    }

    /// <summary>One <c>key=value</c> or <c>key="value"</c>, with the semicolon after it.</summary>
    private static bool TakeParameter(ref ReadOnlySpan<char> rest, out string key, out string value)
    {
        (key, value) = ("", "");
        rest = rest.TrimStart();
        if (rest.IsEmpty)
        {
            return false;
        }

        var equals = rest.IndexOf('=');
        if (equals <= 0 || rest[..equals].ContainsAny("; \t\""))
        {
            throw Refused("has a Content-Disposition that cannot be read", "write form-data; name=\"…\"; filename=\"…\"");
        }

        key = rest[..equals].ToString();
        rest = rest[(equals + 1)..];
        value = rest.StartsWith("\"") ? TakeQuoted(ref rest) : TakeToken(ref rest);
        rest = rest.TrimStart();
        if (!rest.IsEmpty)
        {
            rest = rest[0] == ';' ? rest[1..] : throw Refused("has a Content-Disposition that cannot be read", "put a semicolon between its parameters");
        }

        return true;
    }

    private static string TakeToken(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAny("; \t");
        var token = (end < 0 ? rest : rest[..end]).ToString();
        rest = end < 0 ? default : rest[end..];
        return token;
    }

    private static string TakeQuoted(ref ReadOnlySpan<char> rest)
    {
        var text = new StringBuilder();
        for (var at = 1; at < rest.Length; at++)
        {
            if (rest[at] == '"')
            {
                rest = rest[(at + 1)..];
                return text.ToString();
            }

            at += rest[at] == '\\' && at + 1 < rest.Length && rest[at + 1] is '"' or '\\' ? 1 : 0;
            text.Append(rest[at]);
        }

        throw Refused("has a quoted text without its end", "close the quote");
    }

    private static string Text(ReadOnlySpan<byte> line)
    {
        try
        {
            return Strict.GetString(line);
        }
        catch (DecoderFallbackException)
        {
            throw Refused("has a head that is not UTF-8", "encode it as UTF-8");
        }
    }

    private static RequestRefusedException Refused(string what, string mend) => new($"A part of the form {what}; {mend}.");
}
