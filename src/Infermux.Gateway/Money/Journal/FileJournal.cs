using Infermux.Grains.Contracts.Budgets;
using Microsoft.Win32.SafeHandles;

namespace Infermux.Gateway.Money.Journal;

/// <summary>
/// The journal of one gateway: segments under <c>{data_dir}/journal</c>, appended to without fsync, so that it survives a kill -9 of this process but not
/// the machine's. Each record stands for itself (incarnation and number are in it), so batches may be cut anew after a replay. A segment is deleted once
/// everything in it and in the ones before it is acknowledged: an acknowledgement therefore never disappears before the settlements it covers.
/// </summary>
internal sealed partial class FileJournal : ISettleJournal
{
    /// <summary>A segment that reached this many bytes is closed. Small enough to be deleted soon, large enough to make files rare.</summary>
    public const int SegmentBytes = 4 * 1024 * 1024;

    [ThreadStatic]
    private static JournalBuffer? t_buffer;

    private readonly Lock _gate = new();
    private readonly string _directory;
    private readonly ILogger _logger;
    private readonly int _segmentBytes;
    private readonly FileStream _owner;
    private readonly List<JournalSegment> _segments = []; // oldest first; the last one is written to
    private IReadOnlyList<JournaledAccount> _replay;
    private SafeFileHandle _handle;
    private long _unacknowledged;
    private bool _failing;
    private bool _disposed;

    private FileJournal(string directory, int segmentBytes, FileStream owner, ILogger logger)
    {
        (_directory, _segmentBytes, _owner, _logger) = (directory, segmentBytes, owner, logger);
        var reading = JournalReading.Of(directory, logger);
        _replay = reading.Accounts;
        _segments.AddRange(reading.Segments);
        _unacknowledged = _segments.Sum(segment => segment.LiveBytes);
        _handle = OpenNext();
        DeleteAcknowledged();
    }

    public Guid Incarnation { get; } = Guid.NewGuid();

    public long Unacknowledged => Volatile.Read(ref _unacknowledged);

    private JournalSegment Current => _segments[^1];

    /// <summary>Locks the directory, reads what is there and opens a fresh segment.</summary>
    /// <exception cref="JournalException">The directory cannot be used, another process uses it, or a newer version wrote it.</exception>
    public static FileJournal Open(string directory, ILogger logger, int segmentBytes = SegmentBytes)
    {
        var owner = Own(directory);
        try
        {
            return new FileJournal(directory, segmentBytes, owner, logger);
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    public IReadOnlyList<JournaledAccount> Replay()
    {
        var replay = _replay;
        _replay = []; // once, and the memory is free
        return replay;
    }

    public JournalPlace Append(Guid incarnation, long number, Settlement settlement)
    {
        var record = JournalRecord.Write(t_buffer ??= new JournalBuffer(), incarnation, number, settlement);
        lock (_gate)
        {
            if (!TryWrite(record))
            {
                return default;
            }

            Current.Live++;
            Current.LiveBytes += record.Length;
            _unacknowledged += record.Length;
            var place = new JournalPlace(Current, record.Length);
            RotateIfFull();
            return place;
        }
    }

    public void Acknowledge(Guid incarnation, string account, long number, IReadOnlyList<JournalPlace> places)
    {
        var record = JournalRecord.Write(t_buffer ??= new JournalBuffer(), incarnation, number, account);
        lock (_gate)
        {
            if (_disposed)
            {
                return; // the repeat after the next start is recognised by its number
            }

            TryWrite(record); // if it is lost, the repeat after a crash is recognised by its number too
            foreach (var place in places)
            {
                Free(place);
            }

            RotateIfFull();
            DeleteAcknowledged();
        }
    }

    public JournalSegment? Wasteful()
    {
        lock (_gate)
        {
            var total = _segments.Sum(segment => segment.Length);
            var oldest = _segments[0];
            var mostlyWaste = _segments.Count > 4 && total > 2 * _unacknowledged + _segmentBytes;
            return mostlyWaste && oldest != Current && oldest.Live > 0 ? oldest : null;
        }
    }

    public void Release(JournalPlace place)
    {
        lock (_gate)
        {
            Free(place);
            DeleteAcknowledged();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _handle.Dispose();
            if (Current.Live == 0)
            {
                Delete(Current);
            }

            _owner.Dispose();
        }
    }

    private static FileStream Own(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            return new FileStream(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                $"The settlement journal in '{directory}' cannot be opened: {refused.Message} Give each process its own writable cluster.data_dir.", refused);
        }
    }

    private bool TryWrite(ReadOnlySpan<byte> record)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            RandomAccess.Write(_handle, record, Current.Length);
            Current.Length += record.Length;
            LogRecovery();
            return true;
        }
        catch (IOException refused)
        {
            // What was written of it is overwritten by the next record, or torn: either way not read.
            LogFailure(refused);
            return false;
        }
    }

    private void RotateIfFull()
    {
        if (Current.Length < _segmentBytes)
        {
            return;
        }

        try
        {
            var next = OpenNext();
            _handle.Dispose();
            _handle = next;
        }
        catch (IOException refused)
        {
            LogFailure(refused); // stay on the full one
        }
    }

    private SafeFileHandle OpenNext()
    {
        var sequence = _segments.Count == 0 ? 1 : Current.Sequence + 1;
        var segment = new JournalSegment(Path.Combine(_directory, JournalSegment.NameOf(sequence)), sequence);
        var handle = File.OpenHandle(segment.Path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        _segments.Add(segment);
        return handle;
    }

    private void Free(JournalPlace place)
    {
        if (place.Segment is not { } segment)
        {
            return;
        }

        segment.Live--;
        segment.LiveBytes -= place.Bytes;
        _unacknowledged -= place.Bytes;
    }

    private void DeleteAcknowledged()
    {
        while (_segments.Count > 1 && _segments[0].Live == 0 && Delete(_segments[0]))
        {
            _segments.RemoveAt(0);
        }
    }

    private bool Delete(JournalSegment segment)
    {
        try
        {
            File.Delete(segment.Path);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            LogUndeletable(_logger, segment.Path, refused);
            return false;
        }
    }

    private void LogFailure(IOException refused)
    {
        if (!_failing)
        {
            _failing = true;
            LogUnwritable(_logger, Current.Path, refused);
        }
    }

    private void LogRecovery()
    {
        if (_failing)
        {
            _failing = false;
            LogWritable(_logger, Current.Path);
        }
    }

    [LoggerMessage(LogLevel.Critical, "The settlement journal {Path} cannot be written. Settlements are still sent, but a crash now loses those on their way. Free space there.")]
    private static partial void LogUnwritable(ILogger logger, string path, Exception refused);

    [LoggerMessage(LogLevel.Information, "The settlement journal {Path} is written again.")]
    private static partial void LogWritable(ILogger logger, string path);

    [LoggerMessage(LogLevel.Warning, "The acknowledged journal segment {Path} cannot be deleted; it is tried again.")]
    private static partial void LogUndeletable(ILogger logger, string path, Exception refused);
}
