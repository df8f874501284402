namespace Infermux.Grains.Contracts.Budgets;

/// <summary>An account cannot read or store now. A command that was on its way may have happened: repeat it.</summary>
[GenerateSerializer, Alias("infermux.account-unavailable.v1")]
public sealed class AccountUnavailableException : Exception
{
    /// <summary>Without a reason.</summary>
    public AccountUnavailableException()
    {
    }

    /// <summary>With a reason.</summary>
    public AccountUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>With a reason and what caused it.</summary>
    public AccountUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
