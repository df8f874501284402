using System.Buffers;
using Garnet.networking;
using Microsoft.Extensions.Logging;

namespace Infermux.EmbeddedStore;

/// <summary>
/// Sends a connection's answers once what they answer is on disk, in their order, and keeps no thread waiting for that. Garnet's own <c>--aof-commit-wait</c>
/// promises the same and blocks the thread that ran the command: one of the pool for each write under way, which spins, sleeps and is woken.
/// </summary>
/// <remarks>Garnet writes answers into this sender's buffer. One whose commit is done already leaves at once; another is copied and leaves when it is.</remarks>
internal sealed partial class DurableSender : INetworkSender
{
    private readonly INetworkSender _inner;
    private readonly Func<ValueTask<bool>> _committed;
    private readonly CheckpointGate _gate;
    private readonly WriteFailure _failure;
    private readonly ILogger _log;
    private readonly Lock _writing = new(); // held by the thread that makes answers
    private readonly byte[] _buffer;
    private readonly unsafe byte* _head;
    private readonly Queue<Answer> _waiting = new(); // locks itself
    private bool _sending; // somebody empties the queue
    private Task _emptied = Task.CompletedTask;
    private bool _ended; // no more answers; of whoever empties the queue

    /// <param name="inner">The connection.</param>
    /// <param name="committed">Completes when all that is written at its call is on disk; false: it will never be known.</param>
    /// <param name="gate">A checkpoint waits for answers that are still to leave.</param>
    /// <param name="failure">Hears of writes that failed.</param>
    /// <param name="log">Hears of connections that ended.</param>
    public unsafe DurableSender(INetworkSender inner, Func<ValueTask<bool>> committed, CheckpointGate gate, WriteFailure failure, ILogger log)
    {
        (_inner, _committed, _gate, _failure, _log) = (inner, committed, gate, failure, log);
        inner.EnterAndGetResponseObject(out var head, out var tail);
        inner.ExitAndReturnResponseObject();
        _buffer = GC.AllocateUninitializedArray<byte>((int)(tail - head), pinned: true); // what fits here fits there
        fixed (byte* start = _buffer)
        {
            _head = start; // it stays where it is
        }
    }

    /// <inheritdoc/>
    public MaxSizeSettings GetMaxSizeSettings => _inner.GetMaxSizeSettings;

    /// <inheritdoc/>
    public string RemoteEndpointName => _inner.RemoteEndpointName;

    /// <inheritdoc/>
    public string LocalEndpointName => _inner.LocalEndpointName;

    /// <inheritdoc/>
    public bool IsLocalConnection() => _inner.IsLocalConnection();

    /// <inheritdoc/>
    public void Enter() => _writing.Enter();

    /// <inheritdoc/>
    public unsafe void EnterAndGetResponseObject(out byte* head, out byte* tail)
    {
        _writing.Enter();
        head = GetResponseObjectHead();
        tail = GetResponseObjectTail();
    }

    /// <inheritdoc/>
    public void Exit() => _writing.Exit();

    /// <inheritdoc/>
    public void ExitAndReturnResponseObject() => _writing.Exit();

    /// <inheritdoc/>
    public void GetResponseObject()
    {
        // There is always the one.
    }

    /// <inheritdoc/>
    public void ReturnResponseObject()
    {
        // It stays.
    }

    /// <inheritdoc/>
    public unsafe byte* GetResponseObjectHead() => _head;

    /// <inheritdoc/>
    public unsafe byte* GetResponseObjectTail() => _head + _buffer.Length;

    /// <inheritdoc/>
    public bool SendResponse(int offset, int size)
    {
        var committed = _committed();
        lock (_waiting)
        {
            if (_sending || committed is not { IsCompletedSuccessfully: true, Result: true })
            {
                var bytes = ArrayPool<byte>.Shared.Rent(size);
                _buffer.AsSpan(offset, size).CopyTo(bytes);
                _waiting.Enqueue(new(committed, bytes, size));
                _gate.Stay();
                if (!_sending)
                {
                    _sending = true;
                    _emptied = SendWaitingAsync();
                }

                return true;
            }
        }

        Send(_buffer.AsSpan(offset, size));
        return true;
    }

    /// <inheritdoc/>
    public void SendResponse(byte[] buffer, int offset, int count, object context) => _inner.SendResponse(buffer, offset, count, context);

    /// <inheritdoc/>
    public void SendCallback(object context) => _inner.SendCallback(context);

    /// <inheritdoc/>
    public void Dispose() => _inner.Dispose();

    /// <inheritdoc/>
    public void DisposeNetworkSender(bool waitForSendCompletion)
    {
        if (waitForSendCompletion)
        {
            Task emptied;
            lock (_waiting)
            {
                emptied = _emptied;
            }

            emptied.Wait(); // on the thread that reads: a socket closed while another thread reads from it is reset, and what it sent may be lost
        }

        _inner.DisposeNetworkSender(waitForSendCompletion);
    }

    /// <inheritdoc/>
    public void Throttle() => _inner.Throttle();

    /// <inheritdoc/>
    public bool TryClose() => _inner.TryClose();

    private async Task SendWaitingAsync()
    {
        while (Next() is { } answer)
        {
            try
            {
                if (!_ended && await IsWrittenAsync(answer.Committed))
                {
                    Send(answer.Bytes.AsSpan(0, answer.Size));
                }
                else if (!_ended)
                {
                    _ended = true;
                    _inner.Dispose(); // the client learns that it does not know
                }
            }
            catch (Exception exception) // whatever a dying connection throws: those behind it must leave the gate
            {
                _ended = true;
                LogGone(_log, exception);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(answer.Bytes);
                _gate.Leave();
            }
        }
    }

    private async Task<bool> IsWrittenAsync(ValueTask<bool> committed)
    {
        try
        {
            return await committed ? true : throw new IOException("Garnet did not wait for the commit.");
        }
        catch (ObjectDisposedException)
        {
            return false; // the store stops
        }
        catch (Exception exception)
        {
            _failure.Note(exception);
            return false;
        }
    }

    private Answer? Next()
    {
        lock (_waiting)
        {
            if (_waiting.TryDequeue(out var answer))
            {
                return answer;
            }

            _sending = false;
            return null;
        }
    }

    private unsafe void Send(ReadOnlySpan<byte> answer)
    {
        try
        {
            _inner.EnterAndGetResponseObject(out var head, out var tail); // takes a lock, and keeps it where it throws
            answer.CopyTo(new Span<byte>(head, (int)(tail - head)));
            _inner.SendResponse(0, answer.Length);
        }
        finally
        {
            _inner.ExitAndReturnResponseObject();
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A connection ended before its answer was on disk.")]
    private static partial void LogGone(ILogger logger, Exception exception);

    private sealed record Answer(ValueTask<bool> Committed, byte[] Bytes, int Size);
}
