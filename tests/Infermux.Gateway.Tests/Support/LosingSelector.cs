using Infermux.Grains.Contracts.Routing;

namespace Infermux.Gateway.Tests.Support;

/// <summary>The real selector, whose answers a test changes, loses or holds up after they have taken effect.</summary>
internal sealed class LosingSelector(ISelector real, Func<SelectRequest, Selection, int, Task<Selection>> answered) : ISelector
{
    private int _calls;

    public async ValueTask<Selection> SelectAsync(SelectRequest request)
    {
        var selection = await real.SelectAsync(request);
        return selection.Outcome is SelectionOutcome.AccountMoved ? selection : await answered(request, selection, Interlocked.Increment(ref _calls));
    }
}
