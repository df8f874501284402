using System.Globalization;
using System.Text;
using Infermux.Core.Budgets;
using Infermux.Hosting.Ledger;
using Infermux.Hosting.State;
using Infermux.Hosting.Tests.Ledger;
using StackExchange.Redis;

namespace Infermux.Hosting.Tests.State;

/// <summary>State that goes from one store to another by a file. What the file must refuse, and what a store must not be left as.</summary>
public sealed class StateFileTests
{
    private const string Header = """{"format":"infermux-state","version":1,"service_id":"s","taken_at":"2026-03-01T00:00:00+00:00"}""";
    private const string Entry = """{"key":"YQ==","hash":[{"name":"Zg==","value":"dg=="}]}""";
    private const int Accounts = 1_200;
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task State_FromOneStoreToAnother_LosesNothing(bool fromEmbedded, bool toEmbedded)
    {
        await using OpenStore from = await OpenStore.StartAsync(fromEmbedded), to = await OpenStore.StartAsync(toEmbedded);
        await FillAsync(from.Connection.GetDatabase(), "o[l]d*");
        using var file = new MemoryStream();
        Assert.Equal(Accounts + 4, await ExportAsync(from.Connection, "o[l]d*", file));

        var (written, expired) = await ImportAsync(to.Connection, "new", file);

        Assert.Equal(0, expired);
        Assert.True(written > Accounts + 4, "a large key is several entries");
        var database = to.Connection.GetDatabase();
        Assert.Equal(await ShownAsync(from.Connection, "o[l]d*"), await ShownAsync(to.Connection, "new"));
        Assert.InRange((await database.KeyTimeToLiveAsync("new/{ledger/1}/2026-02-28"))!.Value, TimeSpan.FromDays(35.9), TimeSpan.FromDays(36));
        Assert.False(await database.KeyExistsAsync("new/members/infermux"));
        Assert.Equal(new StoredEpoch("0123456789abcdef", 0, false), await new LedgerEpochStore(to.Connection, "new").ReadAsync());
    }

    [Fact]
    public async Task Export_OfAnEmbeddedStoreLargerThanItsMemory_FindsEveryKey()
    {
        const int keys = 2_500;
        await using var store = await OpenStore.StartAsync(embedded: true);
        var (database, value) = (store.Connection.GetDatabase(), new byte[40_000]); // 100 MB, of which 64 stay in memory
        foreach (var some in Enumerable.Range(0, keys).Chunk(20))
        {
            await Task.WhenAll(some.Select(i => database.HashSetAsync($"svc/state/account/{i}", "data", value)));
        }

        Assert.Equal(keys, await ExportAsync(store.Connection, "svc", Stream.Null));
    }

    [Fact]
    public async Task Import_IntoAStoreThatHoldsState_IsRefusedAndWritesNothing()
    {
        await using var store = await OpenStore.StartAsync(embedded: false);
        var database = store.Connection.GetDatabase();
        await database.HashSetAsync("svc/state/account/1", "data", "theirs");
        using var file = await FileOfAsync(new StateEntry("state/account/2"u8.ToArray(), [new("f"u8.ToArray(), "v"u8.ToArray())], null, null));

        var refused = await Assert.ThrowsAsync<StateFileException>(() => ImportAsync(store.Connection, "svc", file));

        Assert.Contains("already holds state ('svc/state/account/1')", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["svc/state/account/1"], await KeysAsync(store.Connection));
    }

    [Fact]
    public async Task Import_ThatEndsInTheMiddle_LeavesALedgerInDoubtAndAStoreThatIsNotEmpty()
    {
        await using var store = await OpenStore.StartAsync(embedded: false);
        byte[] key = [.. "state/account/1"u8];
        using var file = await FileOfAsync(
            new StateEntry("ledger-epoch"u8.ToArray(), [new("epoch"u8.ToArray(), "e"u8.ToArray())], null, null),
            new StateEntry(key, [new("f"u8.ToArray(), "v"u8.ToArray())], null, null),
            new StateEntry(key, null, [new("m"u8.ToArray(), 0)], null)); // which no store can write

        await Assert.ThrowsAsync<RedisServerException>(() => ImportAsync(store.Connection, "svc", file));

        Assert.True((await new LedgerEpochStore(store.Connection, "svc").ReadAsync())!.Doubted);
        await Assert.ThrowsAsync<StateFileException>(() => ImportAsync(store.Connection, "svc", file));
    }

    [Fact]
    public async Task Export_OfAKeyThatIsNoState_NamesIt()
    {
        await using var store = await OpenStore.StartAsync(embedded: false);
        await store.Connection.GetDatabase().StringSetAsync("svc/theirs", "x");
        using var file = new MemoryStream();
        var refused = await Assert.ThrowsAsync<StateFileException>(() => ExportAsync(store.Connection, "svc", file));
        Assert.Contains("'svc/theirs' is of type String", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 5, true)] // active, stamped 5 s ago
    [InlineData(3, 20, false)] // killed
    [InlineData(6, 5, false)] // ended in order
    public async Task Export_WhileASiloRuns_IsRefused(int status, int stampedBefore, bool refused)
    {
        await using var store = await OpenStore.StartAsync(embedded: false);
        var stamp = (Now - TimeSpan.FromSeconds(stampedBefore)).UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        await store.Connection.GetDatabase().HashSetAsync(
            "svc/members/infermux", [new("Version", 2), new("S127.0.0.1:11111:1", $$"""{"Status":{{status}},"IAmAliveTime":"{{stamp}}"}""")]);
        await store.Connection.GetDatabase().HashSetAsync("svc/state/account/1", "data", "d");
        using var file = new MemoryStream();
        if (refused)
        {
            var told = await Assert.ThrowsAsync<StateFileException>(() => ExportAsync(store.Connection, "svc", file));
            Assert.Contains("S127.0.0.1:11111:1", told.Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(1, await ExportAsync(store.Connection, "svc", file));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("\u0001\u0002 no text at all")]
    [InlineData("""{"format":"infermux-state","version":2,"service_id":"s","taken_at":"2026-03-01T00:00:00Z"}""")]
    [InlineData(Header)]
    [InlineData(Header + "\n" + Entry)]
    [InlineData(Header + "\n" + Entry + "\n" + """{"key":"YQ==","hash":[{"name":"Zg==","val""")]
    [InlineData(Header + "\n" + Entry + "\n" + """{"entries":2,"sha256":"00"}""")]
    [InlineData(Header + "\n" + Entry + "\n" + """{"entries":1,"sha256":"00"}""")]
    [InlineData(Header + "\n" + """{"key":"YQ=="}""" + "\n" + """{"entries":1,"sha256":"00"}""")]
    public async Task File_CutOffChangedOrForeign_IsRefusedBeforeAnythingIsWritten(string text)
    {
        await using var store = await OpenStore.StartAsync(embedded: false);
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(text));
        await Assert.ThrowsAsync<StateFileException>(() => ImportAsync(store.Connection, "svc", file));
        Assert.Empty(await KeysAsync(store.Connection));
    }

    [Fact]
    public async Task File_WithOneByteChanged_IsRefusedWhereverThatIs()
    {
        using var whole = await FileOfAsync(new StateEntry("a"u8.ToArray(), [new("f"u8.ToArray(), "v"u8.ToArray())], null, null));
        var good = whole.ToArray();
        Assert.Equal(1, await StateFileReader.ReadAsync(whole, TestContext.Current.CancellationToken).LongCountAsync(TestContext.Current.CancellationToken));
        for (var at = 0; at < good.Length - 1; at++) // the last line feed may go
        {
            var bad = good.ToArray();
            bad[at] ^= 1;
            using var file = new MemoryStream(bad);
            await Assert.ThrowsAsync<StateFileException>(
                async () => await StateFileReader.ReadAsync(file, TestContext.Current.CancellationToken).LongCountAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Entry_ExpiredSinceItWasExported_IsLeftOut()
    {
        await using var store = await OpenStore.StartAsync(embedded: false);
        StateField[] fields = [new("f"u8.ToArray(), "v"u8.ToArray())];
        using var file = await FileOfAsync(
            new StateEntry("old"u8.ToArray(), fields, null, Now), new StateEntry("young"u8.ToArray(), fields, null, Now.AddMinutes(1)));
        Assert.Equal((1, 1), await ImportAsync(store.Connection, "svc", file));
        Assert.Equal(["svc/young"], await KeysAsync(store.Connection));
    }

    private static Task<long> ExportAsync(IConnectionMultiplexer redis, string service, Stream file) =>
        StateExport.WriteAsync(redis, service, file, Now, TestContext.Current.CancellationToken);

    private static Task<(long Written, long Expired)> ImportAsync(IConnectionMultiplexer redis, string service, Stream file) =>
        StateImport.ReadAsync(redis, service, file, Now, TestContext.Current.CancellationToken);

    private static async Task<MemoryStream> FileOfAsync(params StateEntry[] entries)
    {
        var file = new MemoryStream();
        using var writer = new StateFileWriter(file);
        await writer.BeginAsync(new StateHeader(StateHeader.Name, StateHeader.Current, "svc", Now), TestContext.Current.CancellationToken);
        foreach (var entry in entries)
        {
            await writer.AddAsync(entry, TestContext.Current.CancellationToken);
        }

        await writer.EndAsync(TestContext.Current.CancellationToken);
        return file;
    }

    /// <summary>Accounts with bytes that are no text, a day of the ledger that expires, a large month, reminders, the epoch; and what is not state.</summary>
    private static async Task FillAsync(IDatabase database, string service)
    {
        for (var i = 0; i < Accounts; i++)
        {
            await database.HashSetAsync($"{service}/state/account/ä{i}", [new("data", new byte[] { 0, 255, 13, 10, (byte)i }), new("etag", $"{i}")]);
        }

        await database.HashSetAsync($"{service}/{{ledger/1}}/2026-02-28", [new("v", 7), new(new byte[] { 104, 0xc3, 0x28 }, "[1]")]);
        await database.KeyExpireAsync($"{service}/{{ledger/1}}/2026-02-28", TimeSpan.FromDays(36));
        await database.HashSetAsync($"{service}/{{ledger/1}}/2026-02", [.. Enumerable.Range(0, 3_000).Select(i => new HashEntry($"d{i}", $"[{i}]"))]);
        await database.SortedSetAddAsync($"{service}/reminders", [new("one", 0), new(new byte[] { 255 }, 0.1)]);
        await database.HashSetAsync($"{service}/ledger-epoch", "epoch", "0123456789abcdef");
        await database.HashSetAsync($"{service}/members/infermux", "Version", 1);
        await database.HashSetAsync("old/state/account/1", "data", "another service's"); // which the service id as a pattern would find
    }

    private static async Task<string[]> KeysAsync(IConnectionMultiplexer redis) =>
        [.. (await redis.GetServers()[0].KeysAsync().ToArrayAsync(TestContext.Current.CancellationToken)).Select(k => k.ToString()).Order(StringComparer.Ordinal)];

    /// <summary>All that is state, asked of the store without the code under test.</summary>
    private static async Task<string[]> ShownAsync(IConnectionMultiplexer redis, string service)
    {
        var (database, shown) = (redis.GetDatabase(), new List<string>());
        foreach (var key in (await KeysAsync(redis)).Where(key => key.StartsWith($"{service}/", StringComparison.Ordinal) && !key.Contains("/members/")))
        {
            var name = key[service.Length..];
            var values = await database.KeyTypeAsync(key) == RedisType.Hash
                ? (await database.HashGetAllAsync(key)).Select(field => $"{name} {Hex(field.Name)} {Hex(field.Value)}")
                : (await database.SortedSetRangeByRankWithScoresAsync(key)).Select(member => $"{name} {Hex(member.Element)} {member.Score:R}");
            shown.AddRange(values);
        }

        return [.. shown.Order(StringComparer.Ordinal)];

        static string Hex(RedisValue value) => Convert.ToHexString((byte[])value!);
    }
}
