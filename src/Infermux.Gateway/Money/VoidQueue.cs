using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Money;

/// <summary>Voids of one account that wait for their acknowledgement. Order does not matter: each concerns its own operation.</summary>
internal sealed class VoidQueue(string account)
{
    private readonly Lock _gate = new();
    private readonly Queue<VoidCommand> _pending = new();
    private bool _sending;

    public string Account { get; } = account;

    public void Add(IEnumerable<VoidCommand> commands)
    {
        lock (_gate)
        {
            foreach (var command in commands)
            {
                _pending.Enqueue(command);
            }
        }
    }

    /// <summary>Whether the caller must start sending.</summary>
    public bool TryStart()
    {
        lock (_gate)
        {
            return !_sending && (_sending = _pending.Count > 0);
        }
    }

    /// <summary>Takes at most <paramref name="largest"/> out; none, and nobody sends any more, when there are none.</summary>
    public List<VoidCommand> Take(int largest)
    {
        lock (_gate)
        {
            var taken = new List<VoidCommand>(Math.Min(largest, _pending.Count));
            while (taken.Count < largest && _pending.TryDequeue(out var command))
            {
                taken.Add(command);
            }

            _sending = taken.Count > 0;
            return taken;
        }
    }
}
