using System.Collections.Concurrent;
using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Grains.Tests.Routing;

/// <summary>An account with a limit in USD and lines per (operation, attempt), which answers a repeated sequence as it did before. In the place of the CallerBudgetGrain.</summary>
public sealed class ScriptedAccount(string account)
{
    private readonly Dictionary<(Guid Operation, int Attempt), decimal> _lines = [];
    private readonly Dictionary<(Guid Operation, int Sequence), ReserveAnswer> _answers = [];
    private readonly HashSet<Guid> _voided = [];

    public static DateTimeOffset PeriodEnd { get; } = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The activation that answers.</summary>
    public long Incarnation { get; set; } = 1;

    public decimal Limit { get; set; } = 1_000m;

    public decimal Settled { get; set; }

    public Infermux.Core.Configuration.BudgetAction? Action { get; set; }

    /// <summary>Runs before each reserve; throws, or answers in the account's place.</summary>
    public Func<ReserveCommand, Task<ReserveAnswer?>> Before { get; set; } = static _ => Task.FromResult<ReserveAnswer?>(null);

    /// <summary>Runs after each reserve, which has happened by then.</summary>
    public Func<ReserveCommand, Task> After { get; set; } = static _ => Task.CompletedTask;

    public ConcurrentQueue<ReserveCommand> Reserves { get; } = new();

    public TaskCompletionSource<VoidCommand> Voided { get; } = new();

    public int Views { get; private set; }

    public decimal Held => _lines.Values.Sum();

    public async ValueTask<ReserveAnswer> ReserveAsync(ReserveCommand command)
    {
        Reserves.Enqueue(command);
        if (await Before(command) is { } instead)
        {
            return instead;
        }

        if (!_answers.TryGetValue((command.Operation, command.Sequence), out var answer))
        {
            answer = _answers[(command.Operation, command.Sequence)] = Decide(command);
        }

        await After(command);
        return answer;
    }

    public async ValueTask<ReserveAnswers> ReserveAllAsync(ReserveBatch batch)
    {
        var answers = new List<ReserveAnswer>();
        foreach (var command in batch.Commands)
        {
            answers.Add(await ReserveAsync(command));
        }

        return new(answers);
    }

    public Task<VoidAnswer> VoidAsync(VoidCommand command)
    {
        _voided.Add(command.Operation);
        foreach (var line in _lines.Keys.Where(line => line.Operation == command.Operation).ToList())
        {
            _lines.Remove(line);
        }

        Voided.TrySetResult(command);
        return Task.FromResult(new VoidAnswer(Late: false, new AccountStamp(default, Incarnation)));
    }

    public ValueTask<AccountView> GetAsync()
    {
        Views++;
        return new(new AccountView { Account = account, Action = Action });
    }

    public ReserveAnswer Answer(ReserveOutcome outcome, string? replacement = null) => new(outcome, Limit, Settled, Held, PeriodEnd, replacement, default, Incarnation);

    private ReserveAnswer Decide(ReserveCommand command)
    {
        if (_voided.Contains(command.Operation))
        {
            return Answer(ReserveOutcome.Late);
        }

        foreach (var unbilled in command.UnbilledAttempts)
        {
            _lines.Remove((command.Operation, unbilled));
        }

        var key = (command.Operation, command.Attempt);
        if (Settled + Held - _lines.GetValueOrDefault(key) + command.Amount > Limit)
        {
            return Answer(ReserveOutcome.Denied);
        }

        _lines[key] = command.Amount;
        return Answer(ReserveOutcome.Granted);
    }
}
