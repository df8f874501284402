using System.Globalization;
using System.Runtime.CompilerServices;
using Infermux.Core.Budgets;
using Infermux.Core.Configuration;

namespace Infermux.Core.Tests.Budgets.Simulation;

/// <summary>
/// One account, its gateways, their network, the store and the ledger under a seeded scheduler that owns every order, delay, loss and death. Senders keep to
/// the protocol of the design: rising sequences, a not-after of 5 s, repeats for 3 s and then void, journaled bills. Everything else may go wrong.
/// </summary>
internal sealed partial class SimWorld
{
    private const int Steps = 140;
    private static readonly DateTimeOffset[] Boundaries =
        [new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero), new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 7, 9, 0, 0, 0, TimeSpan.Zero)];

    private readonly int _seed;
    private readonly Random _random;
    private readonly SimShell _shell;
    private readonly SimLedger _ledger = new();
    private readonly List<SimMessage> _network = [];
    private readonly List<SimJournal> _journals = [];
    private readonly List<SimOperation> _operations = [];
    private readonly Dictionary<Guid, SimOperation> _byId = [];
    private readonly Dictionary<Guid, DateTimeOffset> _lastSign = [];
    private readonly Dictionary<DateTimeOffset, decimal> _spent = [];
    private readonly List<string> _trace = [];
    private readonly BudgetLimit? _limit;
    private DateTimeOffset _now;
    private TimeSpan _skew;
    private DateTimeOffset _resumedAt = DateTimeOffset.MinValue;
    private int _step;
    private long _incarnation;
    private bool _calm;

    private readonly bool _tracing;
    private readonly SimTally _tally;

    /// <summary>A world; <paramref name="tracing"/> writes down what happens, which takes most of the time and so is left to the replay.</summary>
    public SimWorld(int seed, SimTally tally, bool tracing)
    {
        _seed = seed;
        _tally = tally;
        _tracing = tracing;
        _random = new Random(seed);
        _now = Boundaries[_random.Next(Boundaries.Length)] - TimeSpan.FromSeconds(_random.Next(0, 90));
        var period = (BudgetPeriod)_random.Next(4);
        _limit = _random.Next(8) switch
        {
            0 => null,
            1 => new(1m, period, BudgetAction.Alert, null, 0.8m, 1m, LimitOrigin.File),
            2 => new(1m, period, BudgetAction.ModelOverride, "cheap", 0.8m, 0.9m, LimitOrigin.File),
            3 => new(1m, period, BudgetAction.HardStop, "cheap", 0.8m, 0.7m, LimitOrigin.File),
            _ => new(1m, period, BudgetAction.HardStop, null, 0.5m, 1m, LimitOrigin.File),
        };
        _shell = new SimShell(new Account { Name = "c", Clock = _now });
        _journals.Add(new(NewId()));
        _journals.Add(new(NewId()));
    }

    private DateTimeOffset SiloNow => _now + _skew;

    public void Run()
    {
        for (_step = 0; _step < Steps; _step++)
        {
            Act();
            CheckState(_shell.Current, "current");
        }

        Quiesce();
    }

    private void Act()
    {
        var dice = _random.Next(100);
        if (dice < 34)
        {
            WithMessage(message => { _network.Remove(message); Deliver(message); });
        }
        else if (dice < 39)
        {
            WithMessage(message => _network.Add(message));
        }
        else if (dice < 42)
        {
            WithMessage(message => _network.Remove(message));
        }
        else if (dice < 44)
        {
            WithMessage(Deliver); // and it stays: it will come again
        }
        else if (dice < 54)
        {
            Step();
        }
        else if (dice < 60)
        {
            Advance(TimeSpan.FromMilliseconds(_random.Next(1, 2_500)));
        }
        else if (dice < 62)
        {
            Advance(TimeSpan.FromSeconds(_random.Next(3, 45)));
        }
        else if (dice < 80)
        {
            Store();
        }
        else if (dice < 82)
        {
            Expire();
        }
        else if (dice < 85)
        {
            SendOutbox();
        }
        else if (dice < 87)
        {
            Refresh(_journals[_random.Next(_journals.Count)]);
        }
        else if (dice < 91)
        {
            SendBills(_journals[_random.Next(_journals.Count)]);
        }
        else if (dice < 92)
        {
            KillGateway();
        }
        else
        {
            Start();
        }
    }

    private void Store()
    {
        if (!_shell.Writing)
        {
            _shell.Begin();
            return;
        }

        switch (_random.Next(14))
        {
            case 0:
                Lose("write failed", applied: false);
                break;
            case 1:
                Lose("write unknown", applied: true);
                break;
            case 2:
                _skew = TimeSpan.FromMilliseconds(_random.Next(-1_000, 1_001)); // the next one's clock
                Lose("silo died", applied: _random.Next(2) == 0);
                break;
            default:
                Written();
                break;
        }
    }

    private void Written()
    {
        Trace("written");
        _shell.Written();
        CheckAlerts();
    }

    private void Lose(string why, bool applied)
    {
        Trace(why + (applied ? " (applied)" : ""));
        _tally.Count(SimEvent.LostWrite);
        _shell.Lose(applied, SiloNow, ++_incarnation);
        _resumedAt = SiloNow;
        _lastSign.Clear();
        CheckState(_shell.Durable, "durable");
    }

    private void Advance(TimeSpan time)
    {
        _now += time;
        Trace(Name("time passes", null, time));
    }

    private void Expire() => Apply("expire", account => account.Expire(SiloNow, _limit), _ => { });

    private void SendOutbox()
    {
        foreach (var batch in _shell.Durable.Outbox.Sealed.Values)
        {
            if (_shell.Current.Outbox.Sealed.GetValueOrDefault(batch.Day)?.Number == batch.Number)
            {
                Send(Name("book", null, batch.Number), () =>
                {
                    _ledger.Book(batch);
                    Send(Name("booked", null, batch.Number), () => _shell.Adopt(_shell.Current.AcknowledgeOutbox(batch.Day, batch.Number)));
                });
            }
        }
    }

    /// <summary>Applies a command; its answer goes out when it is durable, over the same network as everything else.</summary>
    private void Apply<T>(string name, Func<Account, Transition<T>> command, Action<T> reply)
    {
        var before = _shell.Current;
        var transition = command(before);
        Trace(_tracing ? $"{name}: {transition.Answer}" : "");
        _shell.Accept(transition, answer => Send(Name("re " + name), () => reply(answer)));
        CheckExpiries(before, transition.Next);
    }

    private void Send(string name, Action deliver) => _network.Add(new(name, deliver));

    private void Deliver(SimMessage message)
    {
        Trace(Name("deliver " + message.Name));
        message.Deliver();
    }

    private void WithMessage(Action<SimMessage> action)
    {
        if (_network.Count > 0)
        {
            action(_network[_random.Next(_network.Count)]);
        }
    }

    private Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new(bytes);
    }

    private decimal Amount(int least, int most) => _random.Next(least, most + 1) / 100m;

    private void Trace(string what)
    {
        if (_tracing)
        {
            _trace.Add(string.Create(CultureInfo.InvariantCulture, $"{_step,4} {_now:dd HH:mm:ss.fff} {what}"));
        }
    }

    /// <summary>The name of a message; empty unless this is a replay.</summary>
    private string Name(string what, SimOperation? operation = null, object? detail = null) =>
        _tracing ? $"{what} {operation?.Id.ToString()[..4]} {detail}" : "";

    private SimFailure Failure(string invariant) => new(_seed, _step, invariant, string.Join('\n', _trace.TakeLast(60)));

    private void Require(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] SimText invariant)
    {
        if (!holds)
        {
            throw Failure(invariant.ToString());
        }
    }
}
