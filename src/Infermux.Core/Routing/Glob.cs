namespace Infermux.Core.Routing;

/// <summary>Exact text, or text in which each <c>*</c> stands for any run of characters.</summary>
internal static class Glob
{
    /// <summary>Whether <paramref name="text"/> fits; a null pattern asks nothing.</summary>
    public static bool Fits(string? pattern, string text)
    {
        if (pattern is null)
        {
            return true;
        }

        int p = 0, t = 0, star = -1, resume = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, resume) = (p++, t);
            }
            else if (p < pattern.Length && pattern[p] == text[t])
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                (p, t) = (star + 1, ++resume);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }
}
