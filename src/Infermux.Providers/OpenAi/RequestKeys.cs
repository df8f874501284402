using System.Text;
using System.Text.Json;

namespace Infermux.Providers.OpenAi;

/// <summary>
/// Finds which key a JSON property name is. Servers written in Go match names without regard to case (and fold <c>ſ</c> and the Kelvin sign), so a name that
/// is ours but for its case would be read upstream and not here: it is refused.
/// </summary>
internal static class RequestKeys
{
    private const int LongestEscaped = 6 * 32;

    /// <summary>The key, or none for a name that is not ours.</summary>
    /// <exception cref="RequestRefusedException">The name is one of ours in another case.</exception>
    public static RequestKey Find(in Utf8JsonReader reader)
    {
        var name = reader.ValueSpan;
        if (!reader.ValueIsEscaped && Ascii.IsValid(name))
        {
            return Match(name, name);
        }

        if (name.Length > LongestEscaped)
        {
            return RequestKey.None;
        }

        var folded = reader.GetString()!.Replace('\u017F', 's').Replace('\u212A', 'k');
        return Match(Encoding.UTF8.GetBytes(folded), Encoding.UTF8.GetBytes(reader.GetString()!));
    }

    /// <summary>The key as it is to be written.</summary>
    public static string NameOf(RequestKey key) => Encoding.ASCII.GetString(Spelling(key));

    private static RequestKey Match(ReadOnlySpan<byte> folded, ReadOnlySpan<byte> given)
    {
        var key = Candidate(folded);
        if (key == RequestKey.None || !Ascii.EqualsIgnoreCase(folded, Spelling(key)))
        {
            return RequestKey.None;
        }

        return given.SequenceEqual(Spelling(key))
            ? key
            : throw new RequestRefusedException($"The field '{Encoding.UTF8.GetString(given)}' differs from '{NameOf(key)}' only in case. Write it as '{NameOf(key)}'.", NameOf(key));
    }

    /// <summary>The only key of this length and first letter.</summary>
    private static RequestKey Candidate(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 => RequestKey.N,
        5 => (name[0] | 0x20) == 't' ? RequestKey.Tools : (name[0] | 0x20) == 'm' ? RequestKey.Model : RequestKey.Input,
        6 => (name[0] | 0x20) == 's' ? RequestKey.Stream : RequestKey.Prompt,
        7 => RequestKey.BestOf,
        8 => RequestKey.Messages,
        9 => RequestKey.Functions,
        10 => RequestKey.MaxTokens,
        12 => RequestKey.Instructions,
        14 => RequestKey.StreamOptions,
        17 => RequestKey.MaxOutputTokens,
        21 => RequestKey.MaxCompletionTokens,
        _ => RequestKey.None,
    };

    private static ReadOnlySpan<byte> Spelling(RequestKey key) => key switch
    {
        RequestKey.Model => "model"u8,
        RequestKey.Stream => "stream"u8,
        RequestKey.StreamOptions => "stream_options"u8,
        RequestKey.MaxTokens => "max_tokens"u8,
        RequestKey.MaxCompletionTokens => "max_completion_tokens"u8,
        RequestKey.N => "n"u8,
        RequestKey.BestOf => "best_of"u8,
        RequestKey.Tools => "tools"u8,
        RequestKey.Functions => "functions"u8,
        RequestKey.Messages => "messages"u8,
        RequestKey.Prompt => "prompt"u8,
        RequestKey.Input => "input"u8,
        RequestKey.MaxOutputTokens => "max_output_tokens"u8,
        RequestKey.Instructions => "instructions"u8,
        _ => default,
    };
}
