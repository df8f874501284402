using System.Text;
using System.Text.RegularExpressions;
using Infermux.Core.Failures;

namespace Infermux.Providers.Failures;

/// <summary>Takes credentials out of what a provider said, before anyone sees it.</summary>
public static partial class SecretMask
{
    private const string Mask = "***";
    private const int ShortestSecret = 4;

    /// <summary>The text with everything that looks like a key replaced by <c>***</c>, and control characters by blanks.</summary>
    public static string Apply(string text)
    {
        try
        {
            return Controls().Replace(KeyLike().Replace(text, Mask), " ");
        }
        catch (RegexMatchTimeoutException)
        {
            return "(withheld: could not be searched for credentials in time)";
        }
    }

    /// <summary>The failure without this credential in its message and body, wherever it stands. Call it with what was sent upstream.</summary>
    public static ProviderFailure WithoutCredential(this ProviderFailure failure, string? credential)
    {
        if (credential is null || credential.Length < ShortestSecret)
        {
            return failure;
        }

        var inBody = failure.RelayBody.Length > 0 && failure.RelayBody.Span.IndexOf(Encoding.UTF8.GetBytes(credential)) >= 0;
        return inBody || failure.Message.Contains(credential, StringComparison.Ordinal) || failure.Code?.Contains(credential, StringComparison.Ordinal) == true
            ? failure with
            {
                Message = failure.Message.Replace(credential, Mask, StringComparison.Ordinal),
                Code = failure.Code?.Replace(credential, Mask, StringComparison.Ordinal),
                RelayBody = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(failure.RelayBody.Span).Replace(credential, Mask, StringComparison.Ordinal)),
            }
            : failure;
    }

    /// <summary>Prefixes of OpenAI and Anthropic, Groq, xAI, Google, AWS, Hugging Face, NVIDIA, Perplexity, Replicate, with a digit in them; bearer tokens; JSON web tokens.</summary>
    [GeneratedRegex("""(?:\b(?:sk|rk|pk|gsk|xai|hf|nvapi|pplx|r8|key)[-_](?=[A-Za-z._\-]*[0-9*])[A-Za-z0-9*._\-]{6,}|\bAIza[A-Za-z0-9*_\-]{6,}|\bya29\.[A-Za-z0-9*._\-]{6,}|\bA[KS]IA[A-Z0-9*]{8,}|(?<=\b[Bb]earer )[A-Za-z0-9*._~+/=\-]{6,}|\beyJ[A-Za-z0-9_\-]{6,}\.[A-Za-z0-9._\-]*)""", RegexOptions.CultureInvariant, 200)]
    private static partial Regex KeyLike();

    [GeneratedRegex("""[\p{Cc}\u2028\u2029]+""", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Controls();
}
