using Infermux.Core.Configuration;
using Infermux.Hosting.Configuration.Numbering;
using Infermux.Hosting.Tests.Ledger;

namespace Infermux.Hosting.Tests.Configuration.Numbering;

/// <summary>The numbers of configurations on both stores.</summary>
public sealed class ConfigurationNumberTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Claim_ByProcessesAtOnce_IsOneNumberForEachText(bool embedded)
    {
        await using var store = await OpenStore.StartAsync(embedded);
        var numbers = Enumerable.Range(0, 4).Select(_ => new ConfigurationNumberStore(store.Connection, "svc", ConfigurationNumbers.AliveFor)).ToList();
        var claims = await Task.WhenAll(numbers.SelectMany(process => Enumerable.Range(0, 5).Select(text => ClaimAsync(process, $"text {text}"))));
        var byText = claims.GroupBy(claim => claim.Text).ToDictionary(text => text.Key, text => Assert.Single(text.Select(claim => claim.Number).Distinct()));
        var ((oldest, least), most) = (byText.MinBy(text => text.Value), byText.Values.Max());
        Assert.Equal(5, byText.Values.Distinct().Count());
        Assert.Equal(least, await numbers[0].ClaimAsync(oldest, held: 0, Now));

        var back = await numbers[0].ClaimAsync(oldest, held: most, Now);
        Assert.Equal(most + 1, back);
        Assert.Equal(back, await numbers[1].ClaimAsync(oldest, held: least, Now));

        var later = Now + ConfigurationNumbers.Kept + TimeSpan.FromDays(1);
        var only = await numbers[2].ClaimAsync("later", 0, later);
        Assert.True(only > back);
        var fields = await store.Connection.GetDatabase().HashKeysAsync("svc/configuration-numbers");
        Assert.Equal(["later", "v"], fields.Select(field => (string)field!).Order()); // the others are forgotten
        Assert.True(await numbers[3].ClaimAsync(oldest, held: 0, later) > only);
    }

    private static async Task<(string Text, long Number)> ClaimAsync(ConfigurationNumberStore process, string text) => (text, await process.ClaimAsync(text, held: 0, Now));
}
