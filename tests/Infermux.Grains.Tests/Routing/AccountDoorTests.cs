using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Routing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Infermux.Grains.Tests.Routing;

public sealed class AccountDoorTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<(IReadOnlyList<ReserveCommand> Commands, TaskCompletionSource Gate)> _calls = [];
    private readonly AccountDoor _door;

    public AccountDoorTests() => _door = new(Forwarding.To<ICallerBudgetGrain>(Call), _time);

    [Fact]
    public async Task Reserves_WhileACallIsOut_ShareTheNextAndGetTheirOwnAnswers()
    {
        var first = _door.ReserveAsync(Command(1));
        Task<ReserveAnswer>[] others = [_door.ReserveAsync(Command(2)), _door.ReserveAsync(Command(3))];
        Assert.Single(_calls);

        _calls[0].Gate.SetResult();
        await first;
        Assert.Equal([2m, 3m], _calls[1].Commands.Select(command => command.Amount));

        _calls[1].Gate.SetResult();
        Assert.Equal([2m, 3m], (await Task.WhenAll(others)).Select(answer => answer.Reserved));
        Assert.Equal(1m, (await first).Reserved);
    }

    [Fact]
    public async Task AFailedCall_FailsItsOwnReservesOnly()
    {
        var first = _door.ReserveAsync(Command(1));
        Task<ReserveAnswer>[] second = [_door.ReserveAsync(Command(2)), _door.ReserveAsync(Command(3))];
        _calls[0].Gate.SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => first);

        var third = _door.ReserveAsync(Command(4));
        _calls[1].Gate.SetException(new TimeoutException());
        foreach (var failed in second)
        {
            await Assert.ThrowsAsync<TimeoutException>(() => failed);
        }

        _calls[2].Gate.SetResult();
        Assert.Equal(4m, (await third).Reserved);
    }

    [Fact]
    public async Task AReserve_BehindACallThatHangs_DoesNotWaitForIt()
    {
        _ = _door.ReserveAsync(Command(1));
        var waiting = _door.ReserveAsync(Command(2));
        _time.Advance(AccountDoor.Young);
        var late = _door.ReserveAsync(Command(3));

        Assert.Equal([2m, 3m], _calls[1].Commands.Select(command => command.Amount));
        _calls[1].Gate.SetResult();
        await Task.WhenAll(waiting, late);
    }

    [Fact]
    public void AFullCall_LeavesAtOnce()
    {
        foreach (var number in Enumerable.Range(1, 1 + AccountDoor.Largest))
        {
            _ = _door.ReserveAsync(Command(number));
        }

        Assert.Equal([1, AccountDoor.Largest], _calls.Select(call => call.Commands.Count));
    }

    private static ReserveCommand Command(int number) => new()
    {
        Operation = Guid.NewGuid(), Sequence = 1, NotAfter = default, Attempt = 1, Provider = "p", TargetModel = "m", Amount = number, InputAmount = 0m,
    };

    private object Call(System.Reflection.MethodInfo method, object?[] arguments)
    {
        IReadOnlyList<ReserveCommand> commands = arguments[0] is ReserveBatch batch ? batch.Commands : [(ReserveCommand)arguments[0]!];
        var gate = new TaskCompletionSource();
        _calls.Add((commands, gate));
        return method.Name == nameof(ICallerBudgetGrain.ReserveAsync)
            ? new ValueTask<ReserveAnswer>(AnsweredAsync(() => Answer(commands[0])))
            : new ValueTask<IReadOnlyList<ReserveAnswer>>(AnsweredAsync<IReadOnlyList<ReserveAnswer>>(() => [.. commands.Select(Answer)]));

        async Task<T> AnsweredAsync<T>(Func<T> answer)
        {
            await gate.Task;
            return answer();
        }
    }

    private static ReserveAnswer Answer(ReserveCommand command) => new(ReserveOutcome.Granted, 9m, 0m, command.Amount, null, null, default, 1);
}
