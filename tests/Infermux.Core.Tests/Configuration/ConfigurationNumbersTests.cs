using CsCheck;
using Infermux.Core.Configuration;
using Xunit;

namespace Infermux.Core.Tests.Configuration;

/// <summary>Which text of <c>budgets</c> is the newest, over processes that load, reload, start and die.</summary>
public sealed class ConfigurationNumbersTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Gen<(int Process, int Text, bool Starts, int Seconds)[]> Histories =
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Bool, Gen.Int[0, 40]).Array[0, 30];

    [Fact]
    public void Claim_RolledOutProcessByProcess_IsOneNumberAboveTheOldOne()
    {
        var numbers = new Processes();
        var old = numbers.Starts(0, "old");
        Assert.Equal(old, numbers.Starts(1, "old"));
        var next = numbers.GoesOn(0, "new");
        Assert.True(next > old);
        Assert.Equal(old, numbers.GoesOn(1, "old")); // not reloaded yet,
        Assert.Equal(old, numbers.Starts(1, "old")); // nor by a restart,
        Assert.Equal(old, numbers.Starts(2, "old")); // nor where another one starts on it
        Assert.Equal(next, numbers.GoesOn(1, "new"));
    }

    [Fact]
    public void Claim_ChangedBackByAReload_IsNewerForAllOnTheOldText()
    {
        var numbers = new Processes();
        numbers.Starts(0, "old");
        numbers.Starts(1, "old");
        numbers.Starts(2, "old");
        var next = numbers.GoesOn(0, "new");
        numbers.GoesOn(1, "new");
        var back = numbers.GoesOn(0, "old");
        Assert.True(back > next);
        Assert.Equal(next, numbers.GoesOn(1, "new"));
        Assert.Equal(back, numbers.GoesOn(2, "old")); // which never had the new one
        Assert.Equal(back, numbers.GoesOn(1, "old"));
    }

    [Theory]
    [InlineData(60, false)]
    [InlineData(61, true)]
    public void Claim_ChangedBackByRestarts_IsNewerOnceNobodyRunsOnTheNewText(int seconds, bool newer)
    {
        var numbers = new Processes();
        numbers.Starts(0, "old");
        var next = numbers.GoesOn(0, "new");
        numbers.Now += TimeSpan.FromSeconds(seconds);
        Assert.Equal(newer, numbers.Starts(0, "old") > next);
    }

    [Fact]
    public void Claim_AloneOnItsStore_IsNewerAtOnceAfterARestart()
    {
        var numbers = new Processes { AliveFor = TimeSpan.Zero };
        numbers.Starts(0, "old");
        var next = numbers.GoesOn(0, "new");
        numbers.Now += TimeSpan.FromMilliseconds(1);
        Assert.True(numbers.Starts(0, "old") > next);
    }

    [Fact]
    public void Claim_InAStoreThatLostItsNumbers_IsAboveThoseItGaveOut()
    {
        var numbers = new Processes();
        numbers.Starts(0, "old");
        var next = numbers.GoesOn(0, "new");
        numbers.Numbers = ConfigurationNumbers.None;
        numbers.Now += TimeSpan.FromSeconds(1);
        Assert.True(numbers.Starts(1, "another") > next);
        numbers.Numbers = ConfigurationNumbers.None;
        Assert.True(numbers.GoesOn(0, "new") > next); // also where the clock went back
    }

    [Fact]
    public void Claim_Repeated_IsTheSameAndWritesNothing() => Histories.Sample(steps =>
    {
        var numbers = new Processes();
        foreach (var step in steps)
        {
            var held = numbers.Run(step);
            var (next, again) = numbers.Numbers.Claim(Text(step.Text), held, numbers.Now, numbers.AliveFor);
            Assert.Equal(numbers.Held[step.Process], again);
            Assert.Same(numbers.Numbers, next);
        }
    });

    [Fact] // what keeps an old file from putting an old limit back
    public void Claim_OfAnOlderTextThatIsNotLoadedAnew_NeverPassesANewerOneThatRuns() => Histories.Sample(steps =>
    {
        var numbers = new Processes();
        foreach (var step in steps)
        {
            numbers.Run(step);
            var marks = numbers.Numbers.Marks;
            var newest = marks.Values.Max(mark => mark.Number);
            foreach (var (text, mark) in marks)
            {
                var stays = mark.Number == newest || marks.Values.Any(other => other.Number > mark.Number && numbers.Now - other.SeenAt <= numbers.AliveFor);
                foreach (var held in new[] { 0, mark.Number }) // it starts, it goes on
                {
                    var number = numbers.Numbers.Claim(text, held, numbers.Now, numbers.AliveFor).Number;
                    Assert.True(stays ? number == mark.Number : number > newest, $"{text}: {mark.Number}, {number}, {newest}");
                }
            }

            Assert.Equal(numbers.Numbers.Marks.Count, numbers.Numbers.Marks.Values.Select(mark => mark.Number).Distinct().Count());
        }
    });

    [Fact] // and what gives a file that everybody runs on its say, whatever was before
    public void Claim_OfATextThatEverybodyRunsOn_IsTheNewestWithinAMinute() => Gen.Select(Histories, Gen.Int[0, 3]).Sample((steps, last) =>
    {
        var numbers = new Processes();
        foreach (var step in steps)
        {
            numbers.Run(step);
        }

        for (var second = 0; second <= 61; second++)
        {
            numbers.Starts(0, Text(last)); // by restarts, the harder way
            numbers.GoesOn(1, Text(last));
            numbers.Now += TimeSpan.FromSeconds(1);
        }

        Assert.Equal(numbers.Numbers.Marks.Values.Max(mark => mark.Number), numbers.Starts(2, Text(last)));
    });

    private static string Text(int number) => $"text {number}";

    private sealed class Processes
    {
        public ConfigurationNumbers Numbers { get; set; } = ConfigurationNumbers.None;

        public Dictionary<int, long> Held { get; } = [];

        public DateTimeOffset Now { get; set; } = Start;

        public TimeSpan AliveFor { get; init; } = ConfigurationNumbers.AliveFor;

        public long Starts(int process, string text) => Claim(process, text, held: 0);

        public long GoesOn(int process, string text) => Claim(process, text, Held.GetValueOrDefault(process));

        public long Run((int Process, int Text, bool Starts, int Seconds) step)
        {
            Now += TimeSpan.FromSeconds(step.Seconds);
            var held = step.Starts ? 0 : Held.GetValueOrDefault(step.Process);
            Claim(step.Process, Text(step.Text), held);
            return held;
        }

        private long Claim(int process, string text, long held)
        {
            (Numbers, var number) = Numbers.Claim(text, held, Now, AliveFor);
            return Held[process] = number;
        }
    }
}
