using System.Globalization;
using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Money;

/// <summary>
/// Which ledger this gateway has seen, and when it was last adopted: kept in a file under <c>data_dir</c>, outside the store, so that one which was emptied
/// while everything was down is found out. A gateway believes another ledger only where an operator has adopted it since.
/// </summary>
internal sealed partial class LedgerMemory(string? file, ILogger<LedgerMemory> logger)
{
    /// <summary>The file's name under <c>data_dir</c>.</summary>
    public const string FileName = "ledger.epoch";

    private readonly Lock _gate = new();
    private LedgerSeen? _seen = Read(file);

    /// <summary>The ledger, without a version; null while none was heard of.</summary>
    public LedgerSeen? Seen => Volatile.Read(ref _seen);

    /// <summary>Takes what an account told; false where that is another ledger which nobody has adopted.</summary>
    public bool Heard(LedgerSeen told)
    {
        var seen = Seen;
        if (seen is not null && seen.Adopted == told.Adopted && string.Equals(seen.Epoch, told.Epoch, StringComparison.Ordinal))
        {
            return true;
        }

        lock (_gate)
        {
            if (_seen is { } known && told.Adopted <= known.Adopted)
            {
                return false;
            }

            Volatile.Write(ref _seen, told with { Version = 0 });
            Write(told);
            return true;
        }
    }

    private static LedgerSeen? Read(string? file)
    {
        if (file is null || !File.Exists(file))
        {
            return null;
        }

        var words = File.ReadAllText(file).Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return words is [var epoch, var adopted] && long.TryParse(adopted, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? new(epoch, at, 0)
            : null; // torn by a crash: it is told again
    }

    private void Write(LedgerSeen told)
    {
        if (file is null || told.Epoch.Length == 0)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file + ".new", string.Create(CultureInfo.InvariantCulture, $"{told.Epoch} {told.Adopted}"));
            File.Move(file + ".new", file, overwrite: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            LogNotKept(refused, file);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} cannot be written, so a store that is emptied while this process is down will not be noticed by it. Make cluster.data_dir writable")]
    private partial void LogNotKept(Exception refused, string file);
}
