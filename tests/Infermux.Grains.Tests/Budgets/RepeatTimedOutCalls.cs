using Xunit;

namespace Infermux.Grains.Tests.Budgets;

/// <summary>As senders do: a call that timed out on a busy machine may have happened, and is repeated as it was.</summary>
internal sealed class RepeatTimedOutCalls : IOutgoingGrainCallFilter
{
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        while (true)
        {
            try
            {
                await context.Invoke();
                return;
            }
            catch (TimeoutException)
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }
        }
    }
}
