using CsCheck;
using Infermux.Core.Costs;
using Xunit;

namespace Infermux.Core.Tests.Costs;

public class CostBookTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<decimal> Money = Gen.Long[-10_000_000_000, 10_000_000_000_000].Select(units => units / 1_000_000_000_000m);

    private static readonly Gen<CostRow> Rows = Gen.Select(Gen.Int[0, 23], Gen.Int[0, 2], Gen.Int[0, 2], Money, Gen.Int[0, 100_000]).Select(
        (hour, caller, model, cost, tokens) => Row(hour, $"caller-{caller}", $"model-{model}", cost, tokens));

    private static readonly Gen<(string Account, long Number, List<CostRow> Rows)> Batches =
        Gen.Select(Gen.OneOf("a", "b"), Gen.Long[1, 8], Rows.List[0, 5]);

    [Fact]
    public void Book_AnyBatchesInAnyOrder_HoldsEachRisingNumberOnceToTheLastDigit() => Batches.List[0, 30].Sample(batches =>
    {
        var (book, change) = (new CostBook(), new CostChange());
        var (expected, last) = (0m, new Dictionary<string, long>(StringComparer.Ordinal));
        foreach (var (account, number, rows) in batches)
        {
            var news = number > last.GetValueOrDefault(account);
            Assert.Equal(news, book.Book(account, number, rows, change));
            if (news)
            {
                last[account] = number;
                expected += rows.Sum(row => row.Sums.Cost);
            }
        }

        Assert.Equal(expected, book.Hours.Sum(row => row.Sums.Cost));
        Assert.Equal(expected, change.Days.Values.Sum(sums => sums.Cost));
    });

    [Fact]
    public void Change_RestoredIntoAnEmptyBook_ContinuesLikeTheOneThatWroteIt() => Gen.Select(Batches.List[1, 10], Batches.List[1, 10]).Sample((before, after) =>
    {
        var (book, change) = (new CostBook(), new CostChange());
        before.ForEach(batch => book.Book(batch.Account, batch.Number, batch.Rows, change));
        var restored = Restored(change);
        var (left, right) = (new CostChange(), new CostChange());
        foreach (var (account, number, rows) in after)
        {
            Assert.Equal(book.Book(account, number, rows, left), restored.Book(account, number, rows, right));
        }

        Assert.Equal(left.Hours.ToHashSet(), right.Hours.ToHashSet());
        Assert.Equal(left.Days.ToHashSet(), right.Days.ToHashSet());
    });

    [Fact]
    public void Book_CallerWithMoreThanAHundredTags_BooksTheRestAsOther()
    {
        var (book, change) = (new CostBook(), new CostChange());
        var rows = Enumerable.Range(0, 150).Select(tag => Row(1, "caller", "model", 0.01m, 1) with
        {
            Key = Row(1, "caller", "model", 0, 0).Key with { Project = $"project-{tag}" },
        });
        book.Book("caller", 1, [.. rows, Row(1, "another", "model", 1m, 1)], change);
        Assert.Equal(CostBook.MostTags + 1 + 1, change.Hours.Count);
        Assert.Equal(0.50m, change.Hours.Single(row => string.Equals(row.Key.Project, CostBook.OtherTag, StringComparison.Ordinal)).Value.Cost);

        var restored = Restored(change);
        var later = new CostChange();
        restored.Book("caller", 2, [Row(2, "caller", "model", 1m, 1)], later);
        Assert.Equal(CostBook.OtherTag, Assert.Single(later.Hours).Key.Project);
    }

    private static CostBook Restored(CostChange change)
    {
        var book = new CostBook();
        foreach (var (key, sums) in change.Hours)
        {
            book.RestoreHour(new CostRow(key, sums));
        }

        foreach (var (key, sums) in change.Days)
        {
            book.RestoreDay(new CostRow(key, sums));
        }

        foreach (var (account, number) in change.Numbers)
        {
            book.RestoreNumber(account, number);
        }

        return book;
    }

    private static CostRow Row(int hour, string caller, string model, decimal cost, long tokens) => new(
        new CostKey { Start = Midnight.AddHours(hour), Caller = caller, Provider = "openai", Model = model, Group = "", Project = "", Env = "" },
        new CostSums(1, 0, tokens, tokens * 2, cost, 0, 0));
}
