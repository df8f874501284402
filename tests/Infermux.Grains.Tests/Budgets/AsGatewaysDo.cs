using Infermux.Grains.Contracts.Budgets;
using Xunit;

namespace Infermux.Grains.Tests.Budgets;

/// <summary>
/// Repeats calls that timed out, since a loaded machine may not tear a test; and a reserve that names no activation with the one it is told of.
/// </summary>
internal sealed class AsGatewaysDo : IOutgoingGrainCallFilter
{
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        while (true)
        {
            try
            {
                await context.Invoke();
                if (context.Result is not ReserveAnswer { Outcome: ReserveOutcome.Moved } moved
                    || context.Request.GetArgument(0) is not ReserveCommand { Incarnation: 0 } command)
                {
                    return;
                }

                context.Request.SetArgument(0, command with { Incarnation = moved.Incarnation });
            }
            catch (TimeoutException)
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }
        }
    }
}
