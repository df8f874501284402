namespace Infermux.Grains.Budgets;

/// <summary>For a store that ends with its process: nobody is left to be woken.</summary>
internal sealed class NoAccountWaker : IAccountWaker
{
    public Task EnsureAsync(GrainId account) => Task.CompletedTask;

    public Task DropAsync(GrainId account) => Task.CompletedTask;
}
