using Infermux.Grains.Budgets;
using Orleans.Runtime;

namespace Infermux.Grains.Tests.Budgets;

/// <summary>Writes down whom it would wake.</summary>
internal sealed class ScriptedWaker : IAccountWaker
{
    private readonly HashSet<GrainId> _asked = [];

    public int Ensured { get; private set; }

    public bool Fails { get; set; }

    public bool Wakes(IGrain account) => _asked.Contains(account.GetGrainId());

    public Task EnsureAsync(GrainId account)
    {
        Ensured++;
        return Fails ? throw new IOException("the test's reminders are away") : Task.FromResult(_asked.Add(account));
    }

    public Task DropAsync(GrainId account) => Task.FromResult(_asked.Remove(account));
}
