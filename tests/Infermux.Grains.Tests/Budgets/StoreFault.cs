namespace Infermux.Grains.Tests.Budgets;

internal enum StoreFault
{
    None,
    Lost,
    AppliedThenLost,
    Hangs,
}
