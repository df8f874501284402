using System.Globalization;
using System.Security.Cryptography;
using Infermux.Providers.Json;

namespace Infermux.Providers.Pivot;

/// <summary>Ids for tool calls of providers that give none.</summary>
internal static class MadeCallId
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary><c>call_</c> and 24 letters and digits, the same for the same answer, whatever its chunking.</summary>
    /// <param name="seed">What tells this answer from others.</param>
    /// <param name="choice">Index of the choice.</param>
    /// <param name="call">Index of the call in it.</param>
    public static string Of(string seed, int choice, int call)
    {
        var hash = SHA256.HashData(JsonLiteral.Utf8(string.Create(CultureInfo.InvariantCulture, $"{seed}/{choice}/{call}")));
        return string.Create(29, hash, static (to, from) =>
        {
            "call_".CopyTo(to);
            for (var i = 0; i < 24; i++)
            {
                to[5 + i] = Alphabet[from[i] % Alphabet.Length];
            }
        });
    }
}
