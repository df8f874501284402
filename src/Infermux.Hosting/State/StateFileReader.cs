using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Infermux.Hosting.State;

/// <summary>Reads a state file entry by entry. Only whoever read all of them knows that the file is whole, since the proof stands at its end.</summary>
internal static class StateFileReader
{
    private const string Mend = "Take it again with 'infermux state export'.";

    /// <summary>The entries of the file from its first byte on.</summary>
    /// <exception cref="StateFileException">It is no state file, of another version, was cut off or changed.</exception>
    public static async IAsyncEnumerable<StateEntry> ReadAsync(Stream file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        file.Position = 0;
        using var lines = new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: false), detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var first = await lines.ReadLineAsync(cancellationToken);
        Open(Parse(first, 1, StateJson.Default.StateHeader));
        Add(sum, first!);

        var line = await lines.ReadLineAsync(cancellationToken);
        for (var number = 2L; ; number++)
        {
            var next = await lines.ReadLineAsync(cancellationToken);
            if (next is null)
            {
                Close(Parse(line, number, StateJson.Default.StateFooter), number - 2, Convert.ToHexStringLower(sum.GetCurrentHash()));
                yield break;
            }

            var entry = Parse(line, number, StateJson.Default.StateEntry);
            yield return entry is { Key.Length: > 0, Hash: null, SortedSet: not null } or { Key.Length: > 0, Hash: not null, SortedSet: null }
                ? entry
                : throw new StateFileException($"Line {number} of the state file has no key, or not one of 'hash' and 'sorted_set': it was changed. {Mend}");
            Add(sum, line!);
            line = next;
        }
    }

    private static void Open(StateHeader header)
    {
        if (header is not { Format: StateHeader.Name, Version: StateHeader.Current })
        {
            throw new StateFileException(
                $"This is no state file of version {StateHeader.Current}: its first line says '{header.Format}' {header.Version}. "
                + "Import it with the version that took it.");
        }
    }

    private static void Close(StateFooter footer, long entries, string sum)
    {
        if (footer.Entries != entries)
        {
            throw new StateFileException($"The state file says {footer.Entries} entries and has {entries}: lines are missing or were added. {Mend}");
        }

        if (!string.Equals(footer.Sha256, sum, StringComparison.Ordinal))
        {
            throw new StateFileException($"The state file's checksum is not that of its lines: it was changed or damaged. {Mend}");
        }
    }

    private static void Add(IncrementalHash sum, string line)
    {
        sum.AppendData(Encoding.UTF8.GetBytes(line));
        sum.AppendData("\n"u8);
    }

    private static T Parse<T>(string? line, long number, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return line is not null && JsonSerializer.Deserialize(line, type) is { } read
                ? read
                : throw new StateFileException($"The state file ends at line {number}, before it should: it was cut off. {Mend}");
        }
        catch (JsonException broken)
        {
            throw new StateFileException($"Line {number} of the state file cannot be read, so it is none, was cut off or changed. {Mend} ({broken.Message})");
        }
    }
}
