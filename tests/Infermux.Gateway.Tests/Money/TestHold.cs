using Infermux.Gateway.Money;

namespace Infermux.Gateway.Tests.Money;

/// <summary>A running operation whose cost a test sets.</summary>
internal sealed class TestHold(string account) : HeldOperation
{
    public Func<decimal> Cost { get; set; } = () => 0m;

    public override string? HeldBy => account;

    public override Guid Operation { get; } = Guid.NewGuid();

    public override decimal Actual => Cost();
}
