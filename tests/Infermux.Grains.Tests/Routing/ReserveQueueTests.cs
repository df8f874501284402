using System.Threading.Channels;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Routing;
using Infermux.Testing;
using Xunit;

namespace Infermux.Grains.Tests.Routing;

public sealed class ReserveQueueTests
{
    private readonly Account _account = new();
    private readonly ReserveQueue _queue;

    public ReserveQueueTests() => _queue = new(Forwarding.To<ICallerBudgetGrain>(_account));

    [Fact]
    public async Task Ask_WhileACallIsUnderWay_SharesTheNextAndGetsItsOwnAnswer()
    {
        var first = _queue.AskAsync(Command(1));
        var others = Enumerable.Range(2, 3).Select(amount => _queue.AskAsync(Command(amount))).ToArray();
        Assert.Equal([1], (await _account.CalledAsync()).Amounts);
        Assert.All(others, other => Assert.False(other.IsCompleted));

        _account.Last.Answer();
        Assert.Equal(1, (await first).Reserved);
        Assert.Equal([2, 3, 4], (await _account.CalledAsync()).Amounts);
        var later = _queue.AskAsync(Command(5));
        _account.Last.Answer();
        Assert.Equal([2m, 3m, 4m], (await Task.WhenAll(others)).Select(answer => answer.Reserved));
        Assert.Equal([5], (await _account.CalledAsync()).Amounts);
        _account.Last.Answer();
        Assert.Equal(5, (await later).Reserved);
    }

    [Fact]
    public async Task Ask_NothingUnderWay_IsSentAtOnce()
    {
        for (var i = 1; i <= 3; i++)
        {
            var asked = _queue.AskAsync(Command(i));
            Assert.Equal([i], (await _account.CalledAsync()).Amounts);
            _account.Last.Answer();
            Assert.Equal(i, (await asked).Reserved);
        }
    }

    [Fact]
    public async Task Ask_MoreThanACallTakes_AreCutInOrder()
    {
        var all = Enumerable.Range(1, ReserveQueue.Largest + 12).Select(amount => _queue.AskAsync(Command(amount))).ToArray();
        foreach (var expected in new[] { 1, ReserveQueue.Largest, 11 })
        {
            Assert.Equal(expected, (await _account.CalledAsync()).Amounts.Count);
            _account.Last.Answer();
        }

        Assert.Equal(Enumerable.Range(1, ReserveQueue.Largest + 12).Select(amount => (decimal)amount), (await Task.WhenAll(all)).Select(answer => answer.Reserved));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)] // in the call that others share
    public async Task Ask_CallIsLost_FailsThoseInItAlone(int lost)
    {
        var first = _queue.AskAsync(Command(1));
        var second = _queue.AskAsync(Command(2));
        await _account.CalledAsync();
        if (lost == 2)
        {
            _account.Last.Answer();
            Assert.Equal(1, (await first).Reserved);
            await _account.CalledAsync();
        }

        var third = _queue.AskAsync(Command(3));
        _account.Last.Lose();
        await Assert.ThrowsAsync<TimeoutException>(() => lost == 1 ? first : second);
        Assert.Equal(lost == 1 ? [2, 3] : [3], (await _account.CalledAsync()).Amounts);
        _account.Last.Answer();
        Assert.Equal(3, (await third).Reserved);
    }

    [Fact]
    public async Task Ask_BehindAStoreThatIsAway_IsToldSoWithoutACallOfItsOwn()
    {
        var all = Enumerable.Range(1, 3).Select(amount => _queue.AskAsync(Command(amount))).ToArray();
        await _account.CalledAsync();
        _account.Last.Answer(ReserveOutcome.StoreUnavailable);
        Assert.All(await Task.WhenAll(all), answer => Assert.Equal(ReserveOutcome.StoreUnavailable, answer.Outcome));

        var next = _queue.AskAsync(Command(4));
        Assert.Equal([4], (await _account.CalledAsync()).Amounts);
        _account.Last.Answer();
        Assert.Equal(4, (await next).Reserved);
    }

    private static ReserveCommand Command(decimal amount) => new()
    {
        Operation = Guid.NewGuid(),
        Sequence = 1,
        NotAfter = DateTimeOffset.MaxValue,
        Attempt = 1,
        Provider = "p",
        TargetModel = "m",
        Amount = amount,
        InputAmount = 0,
    };

    /// <summary>Answers when the test says so, and reserves what was asked for.</summary>
    public sealed class Account
    {
        private readonly Channel<UnderWay> _calls = Channel.CreateUnbounded<UnderWay>();

        public UnderWay Last { get; private set; } = new([]);

        public async ValueTask<ReserveAnswer> ReserveAsync(ReserveCommand command) => (await ReserveAllAsync(new([command]))).Answers[0];

        public async ValueTask<ReserveAnswers> ReserveAllAsync(ReserveBatch batch)
        {
            var call = new UnderWay([.. batch.Commands.Select(command => command.Amount)]);
            _calls.Writer.TryWrite(call);
            return new(await call.Answers);
        }

        public async Task<UnderWay> CalledAsync() => Last = await _calls.Reader.ReadAsync(TestContext.Current.CancellationToken);
    }

    public sealed class UnderWay(IReadOnlyList<decimal> amounts)
    {
        private readonly TaskCompletionSource<ReserveAnswer[]> _answers = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<decimal> Amounts => amounts;

        public Task<ReserveAnswer[]> Answers => _answers.Task;

        public void Answer(ReserveOutcome outcome = ReserveOutcome.Granted) =>
            _answers.SetResult([.. amounts.Select(amount => new ReserveAnswer(outcome, 1_000, 0, amount, null, null, default, 1))]);

        public void Lose() => _answers.SetException(new TimeoutException());
    }
}
