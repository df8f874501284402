using System.Text;
using System.Text.Json;
using Infermux.Core.Budgets;
using Infermux.Gateway.Money.Journal;

namespace Infermux.Gateway.Money.Capped;

/// <summary>
/// <c>data_dir/capped.jsonl</c>: what this gateway spent for accounts that it could not reach, a line of JSON for each change, so that its own restart gives
/// nothing back. Like the journal it is written without fsync: it survives this process, whatever ends it. Not thread-safe.
/// </summary>
internal sealed class CappedFile(string path) : IDisposable
{
    /// <summary>The file's name under <c>data_dir</c>.</summary>
    public const string FileName = "capped.jsonl";

    private FileStream? _file;

    public long Length => _file?.Length ?? 0;

    /// <summary>What was spent, by account; what still ran when the file was last written counts in full. A last line that a crash tore is left out.</summary>
    /// <exception cref="JournalException">It cannot be read, or a line is no record; the message says how to mend it.</exception>
    public Dictionary<string, CappedSpend> Read()
    {
        var spent = new Dictionary<string, CappedSpend>(StringComparer.Ordinal);
        if (!File.Exists(path))
        {
            return spent;
        }

        var text = ReadText();
        var whole = text[..(text.LastIndexOf('\n') + 1)];
        foreach (var line in whole.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Apply(spent, Parse(line));
        }

        return spent.ToDictionary(account => account.Key, account => account.Value.Abandoned(), StringComparer.Ordinal);
    }

    /// <summary>Replaces the file by one with a line for each account, and each attempt that runs.</summary>
    public void Rewrite(IReadOnlyDictionary<string, CappedSpend> spent)
    {
        _file?.Dispose();
        _file = null; // where the next line fails, the next append opens what is there
        using (var next = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
        {
            foreach (var (account, spend) in spent)
            {
                next.Write(Line(new CappedRecord(account, spend.Period.Kind, spend.Period.Start, spend.Settled)));
                foreach (var (attempt, usd) in spend.Open)
                {
                    next.Write(Line(new CappedRecord(account, spend.Period.Kind, spend.Period.Start, usd, attempt.Operation, attempt.Attempt)));
                }
            }
        }

        File.Move(path + ".new", path, overwrite: true);
        _file = Open();
    }

    /// <exception cref="IOException">The disk refuses.</exception>
    public void Append(CappedRecord record)
    {
        _file ??= Open();
        _file.Write(Line(record));
        _file.Flush(); // to the system, which outlives this process
    }

    public void Dispose() => _file?.Dispose();

    private string ReadText()
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"'{path}' cannot be read: {refused.Message} Make cluster.data_dir readable and writable for this process.", refused);
        }
    }

    private FileStream Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
    }

    private CappedRecord Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, CappedJson.Default.CappedRecord) ?? throw new JsonException("null is no record.");
        }
        catch (JsonException broken)
        {
            throw new JournalException(
                $"'{path}' has a line that is no record ({broken.Message}). Without it this gateway would spend its cap for unreachable accounts again: restore "
                + "the file, or delete it to accept that.", broken);
        }
    }

    private static void Apply(Dictionary<string, CappedSpend> spent, CappedRecord record)
    {
        var period = new PeriodKey(record.Kind, record.Start);
        var spend = spent.TryGetValue(record.Account, out var known) ? known.In(period) : CappedSpend.None(period);
        spent[record.Account] = record switch
        {
            { Operation: null } => spend with { Settled = spend.Settled + record.Usd },
            { Operation: { } operation, Attempt: null } => spend.Settle(operation, record.Usd),
            { Operation: { } operation, Attempt: { } attempt } => spend with { Open = spend.Open.SetItem(new(operation, attempt), record.Usd) },
        };
    }

    private static byte[] Line(CappedRecord record) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(record, CappedJson.Default.CappedRecord) + "\n");
}
