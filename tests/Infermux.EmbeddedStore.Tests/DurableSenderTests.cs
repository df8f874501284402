using System.Text;
using Garnet.networking;
using Microsoft.Extensions.Logging.Abstractions;

namespace Infermux.EmbeddedStore.Tests;

/// <summary>Answers and the disk: order, failure and the end of a connection, with commits that the test ends.</summary>
public sealed class DurableSenderTests : IDisposable
{
    private readonly Wire _wire = new();
    private readonly CheckpointGate _gate = new();
    private readonly Queue<TaskCompletionSource<bool>> _commits = new();
    private readonly WriteFailure _failure = new(NullLogger.Instance);
    private readonly DurableSender _sender;

    public DurableSenderTests() => _sender = new(_wire, () => new(_commits.Dequeue().Task), _gate, _failure, NullLogger.Instance);

    public void Dispose() => _sender.Dispose();

    [Fact]
    public async Task Answer_BehindOneThatWaitsForTheDisk_KeepsItsPlace()
    {
        var slow = Commit();
        var done = Commit();
        done.SetResult(true);

        Answer("first");
        Answer("second");
        Assert.Empty(_wire.Sent);
        slow.SetResult(true);

        await _wire.HasSentAsync(2);
        Assert.Equal(["first", "second"], _wire.Sent);
        Commit().SetResult(true);
        Answer("third"); // nothing waits any more, so it leaves on this thread
        Assert.Equal(["first", "second", "third"], _wire.Sent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_WhoseWriteFailed_IsNotSentAndTheConnectionEnds(bool throws)
    {
        var commit = Commit();
        Answer("never");

        if (throws)
        {
            commit.SetException(new IOException("No space left on device"));
        }
        else
        {
            commit.SetResult(false); // Garnet did not wait
        }

        await _wire.Ended.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Empty(_wire.Sent);
        Assert.Equal(throws ? "No space left on device" : "Garnet did not wait for the commit.", _failure.Why);
    }

    [Fact]
    public async Task Answer_WhileTheStoreStops_IsNotSentAndIsNoFailure()
    {
        var commit = Commit();
        Answer("never");

        commit.SetException(new ObjectDisposedException("log"));

        await _wire.Ended.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Empty(_wire.Sent);
        Assert.Null(_failure.Why);
    }

    [Fact]
    public void Connection_ThatClosesBehindAWaitingAnswer_EndsAfterIt()
    {
        var commit = Commit();
        Answer("+OK");
        var closing = Started(() => _sender.DisposeNetworkSender(waitForSendCompletion: true));
        Assert.False(_wire.Ended.IsCompleted);

        commit.SetResult(true);

        closing.Join();
        Assert.True(_wire.Ended.IsCompleted);
        Assert.Equal(["+OK"], _wire.Sent);
    }

    [Fact]
    public void Checkpoint_WhileAnAnswerWaitsForTheDisk_WaitsForItToo()
    {
        var commit = Commit();
        _gate.Enter();
        Answer("+OK");
        _gate.Leave();
        var sentBefore = -1;
        var checkpoint = Started(() => _gate.RunAlone(() => sentBefore = _wire.Sent.Count));

        commit.SetResult(true);

        checkpoint.Join();
        Assert.Equal(1, sentBefore);
    }

    /// <summary>Garnet's sender takes its lock before it finds itself disposed; who does not give it back leaves the next one spinning.</summary>
    [Fact]
    public void Answers_OfAConnectionThatDied_LeaveTheGateAndTheLock()
    {
        var (first, second) = (Commit(), Commit());
        Answer("nobody");
        Answer("reads this");
        _wire.Dead = true;

        first.SetResult(true);
        second.SetResult(true);

        var alone = false;
        _gate.RunAlone(() => alone = true);
        Assert.True(alone);
        Assert.Equal(0, _wire.Entered);
        Assert.Empty(_wire.Sent);
    }

    /// <summary>A thread that has come to where it waits, or to its end.</summary>
    private static Thread Started(ThreadStart what)
    {
        var thread = new Thread(what);
        thread.Start();
        SpinWait.SpinUntil(() => thread.ThreadState is ThreadState.WaitSleepJoin or ThreadState.Stopped);
        return thread;
    }

    private TaskCompletionSource<bool> Commit()
    {
        var commit = new TaskCompletionSource<bool>();
        _commits.Enqueue(commit);
        return commit;
    }

    private unsafe void Answer(string text)
    {
        _sender.EnterAndGetResponseObject(out var head, out var tail);
        var size = Encoding.ASCII.GetBytes(text, new Span<byte>(head, (int)(tail - head)));
        _sender.SendResponse(0, size);
        _sender.ExitAndReturnResponseObject();
    }

    /// <summary>The other end of a connection.</summary>
    private sealed class Wire : INetworkSender
    {
        private readonly byte[] _buffer = GC.AllocateArray<byte>(64, pinned: true);
        private readonly SemaphoreSlim _arrived = new(0);
        private readonly TaskCompletionSource _ended = new();

        public List<string> Sent { get; } = [];

        public Task Ended => _ended.Task;

        public bool Dead { get; set; }

        /// <summary>How often it was entered and not left.</summary>
        public int Entered { get; private set; }

        public MaxSizeSettings GetMaxSizeSettings => new();

        public string RemoteEndpointName => "";

        public string LocalEndpointName => "";

        public bool IsLocalConnection() => true;

        public void Enter()
        {
            // One thread at a time comes here.
        }

        public unsafe void EnterAndGetResponseObject(out byte* head, out byte* tail)
        {
            Entered++;
            ObjectDisposedException.ThrowIf(Dead, this);
            head = GetResponseObjectHead();
            tail = GetResponseObjectTail();
        }

        public void Exit()
        {
            // As above.
        }

        public void ExitAndReturnResponseObject() => Entered--;

        public void GetResponseObject()
        {
            // There is always the one.
        }

        public void ReturnResponseObject()
        {
            // It stays.
        }

        public unsafe byte* GetResponseObjectHead()
        {
            fixed (byte* start = _buffer)
            {
                return start;
            }
        }

        public unsafe byte* GetResponseObjectTail() => GetResponseObjectHead() + _buffer.Length;

        public bool SendResponse(int offset, int size)
        {
            Sent.Add(Encoding.ASCII.GetString(_buffer, offset, size));
            _arrived.Release();
            return true;
        }

        public void SendResponse(byte[] buffer, int offset, int count, object context) => Sent.Add(Encoding.ASCII.GetString(buffer, offset, count));

        public void SendCallback(object context)
        {
            // Nobody waits for it.
        }

        public void DisposeNetworkSender(bool waitForSendCompletion) => Dispose();

        public void Throttle()
        {
            // Never too fast.
        }

        public bool TryClose()
        {
            Dispose();
            return true;
        }

        public void Dispose()
        {
            _ended.TrySetResult();
            _arrived.Dispose();
        }

        public async Task HasSentAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                await _arrived.WaitAsync(TestContext.Current.CancellationToken);
            }
        }
    }
}
