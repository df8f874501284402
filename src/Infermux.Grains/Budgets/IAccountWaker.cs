namespace Infermux.Grains.Budgets;

/// <summary>Sees to it that an account with open work is woken after its silo died, though nobody asks for it. Called on the account's turns.</summary>
internal interface IAccountWaker
{
    /// <summary>Wakes it every minute from now on; durable when it returns, and safe to repeat.</summary>
    Task EnsureAsync(GrainId account);

    /// <summary>Ends that.</summary>
    Task DropAsync(GrainId account);
}
