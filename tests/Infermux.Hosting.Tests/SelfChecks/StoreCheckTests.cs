using System.Globalization;
using Infermux.Hosting.SelfChecks;
using Infermux.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Infermux.Hosting.Tests.SelfChecks;

/// <summary>Real stores, set up well and badly (F25).</summary>
public sealed class StoreCheckTests
{
    private static readonly string[] Durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];
    private static readonly string[] Infermux = ["--user", "infermux", "on", ">right", "~*", "&*", "+@all"];
    private static readonly string[] DefaultOff = ["--user", "default", "off"];

    public static TheoryData<string[], string, bool?, string> Setups => new()
    {
        { Durable, "", null, "" },
        { ["--save", ""], "", false, "keeps nothing on disk" },
        { ["--save", "3600 1"], "", true, "only saves snapshots" },
        { ["--appendonly", "yes"], "", true, "appendfsync everysec" },
        { [.. Durable, "--maxmemory", "50mb", "--maxmemory-policy", "allkeys-lru"], "", false, "allkeys-lru" },
        { [.. Durable, .. Infermux], ",user=infermux,password=wrong", false, "lets everybody in" },
        { [.. Durable, .. Infermux], ",user=infermux,password=right", true, "without one, too" },
        { [.. Durable, .. Infermux, .. DefaultOff], ",user=infermux,password=right", null, "" },
        { [.. Durable, .. Infermux, .. DefaultOff], ",user=infermux,password=wrong", false, "refuses this user" },
        { [.. Durable, "--requirepass", "right"], ",password=right", null, "" },
        { [.. Durable, "--requirepass", "right"], ",password=wrong", false, "refuses this user" },
        { Durable, ",password=wrong", false, "lets everybody in" },
    };

    [Theory]
    [MemberData(nameof(Setups))]
    public async Task F25_Store_IsToldByItsRealSettings(string[] setup, string credentials, bool? warning, string said)
    {
        await using var redis = await RedisProcess.StartAsync(setup);

        var report = await StoreCheck.AskAsync(Address(redis) + credentials, TimeProvider.System);

        Assert.Equal(warning, report.Problems.SingleOrDefault()?.IsWarning);
        Assert.Contains(said, report.Problems.SingleOrDefault()?.Problem ?? "", StringComparison.Ordinal);
        Assert.Null(report.WhyUnknown);
        Assert.InRange(report.ClockSkew, TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task F25_ManagedStore_ThatRefusesConfig_IsUnknownAndNotRefused()
    {
        await using var redis = await RedisProcess.StartAsync([.. Durable, .. Infermux, "-config", .. DefaultOff]);

        var report = await StoreCheck.AskAsync(Address(redis) + ",user=infermux,password=right", TimeProvider.System);

        Assert.Empty(report.Problems);
        Assert.Contains("refuses CONFIG", report.WhyUnknown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_ThatIsAway_IsUnknownAndNotRefused()
    {
        var report = await StoreCheck.AskAsync($"127.0.0.1:{FreePort.Next().ToString(CultureInfo.InvariantCulture)}", TimeProvider.System);

        Assert.Empty(report.Problems);
        Assert.NotNull(report.WhyUnknown);
    }

    [Fact]
    public async Task Clock_AnHourAheadOfTheStore_IsRefused()
    {
        await using var redis = await RedisProcess.StartAsync();

        var report = await StoreCheck.AskAsync(Address(redis), new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(1)));

        Assert.Contains("s ahead of", Assert.Single(report.Problems, problem => !problem.IsWarning).Problem, StringComparison.Ordinal);
    }

    private static string Address(RedisProcess redis) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{redis.Port}");
}
