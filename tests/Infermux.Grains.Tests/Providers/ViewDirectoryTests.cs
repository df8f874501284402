using Infermux.Grains.Contracts.Providers;
using Infermux.Grains.Providers;
using Xunit;

namespace Infermux.Grains.Tests.Providers;

public sealed class ViewDirectoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly ViewDirectory _directory = new(Start);

    private static ProviderView View(string provider, long sequence, long incarnation = 1) => new() { Provider = provider, Incarnation = incarnation, Sequence = sequence };

    private ViewChanges Ask(ViewChanges? last = null, Guid? process = null, bool serves = true, double second = 0) => _directory.Since(
        new ViewQuestion(process ?? Guid.NewGuid(), serves, last?.Directory ?? Guid.Empty, last?.Version ?? 0), Start.AddSeconds(second));

    [Fact]
    public void Since_AnEarlierAnswer_TellsOnlyWhatChanged()
    {
        _directory.Take(View("a", 1));
        _directory.Take(View("b", 1));
        var first = Ask();
        Assert.Equal(["a", "b"], first.Views.Select(view => view.Provider).Order());
        _directory.Take(View("b", 2));
        _directory.Take(View("a", 1));
        Assert.Equal([View("b", 2)], Ask(first).Views);
        Assert.Empty(Ask(Ask(first)).Views);
    }

    [Fact]
    public void Since_AnAnswerOfAnotherActivation_TellsAll()
    {
        _directory.Take(View("a", 1));
        var other = Ask() with { Directory = Guid.NewGuid(), Version = 100 };
        Assert.Single(Ask(other).Views);
    }

    [Fact]
    public void Take_AViewOfAnEarlierOwner_ChangesNothing()
    {
        _directory.Take(View("a", 1, incarnation: 2));
        _directory.Take(View("a", 50, incarnation: 1));
        Assert.Equal([View("a", 1, incarnation: 2)], Ask().Views);
    }

    [Fact]
    public void Keep_ProvidersThatAreGone_AreNoLongerTold()
    {
        _directory.Take(View("a", 1));
        _directory.Take(View("b", 1));
        _directory.Keep(new HashSet<string> { "b" });
        Assert.Equal([View("b", 1)], Ask().Views);
    }

    [Fact]
    public void Since_CountsWhoAskedWithin3Seconds_OnceItIsThatOld()
    {
        var (gateway, silo, dead) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        Ask(process: dead);
        Assert.Equal((0, 0), Counts(Ask(process: gateway, second: 2.9)));
        Ask(process: silo, serves: false, second: 2.9);
        Assert.Equal((2, 1), Counts(Ask(process: gateway, second: 3)));

        static (int, int) Counts(ViewChanges answer) => (answer.Processes, answer.Gateways);
    }
}
