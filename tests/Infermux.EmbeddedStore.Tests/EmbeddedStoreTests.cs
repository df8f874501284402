using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using StackExchange.Redis;

namespace Infermux.EmbeddedStore.Tests;

/// <summary>Who may use the store and its directory, and what happens to those who may not.</summary>
public sealed class EmbeddedStoreTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SecondProcess_OnTheSameDataDir_IsRefusedWithTheMend()
    {
        using var directory = new DataDirectory();
        await using var first = await EmbeddedStoreServer.StartAsync(new EmbeddedStoreOptions { DataDir = directory.Path }, Stop);

        var (code, output, error) = await StoreProcess.RunAsync(directory.Path);

        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Contains($"in use by another infermux process (process {Environment.ProcessId})", error, StringComparison.Ordinal);
        Assert.Contains("another cluster.data_dir", error, StringComparison.Ordinal);
        Assert.Contains("cluster.store: redis", error, StringComparison.Ordinal);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(first.ConnectionString);
        Assert.True(await redis.GetDatabase().StringSetAsync("still", "served"));
    }

    [Fact]
    public async Task DataDir_AfterKill9_IsFreeForTheNextProcess()
    {
        using var directory = new DataDirectory();
        await using (var killed = await StoreProcess.StartAsync(directory.Path))
        {
            await killed.KillAsync();
        }

        await using var next = await StoreProcess.StartAsync(directory.Path);
        Assert.Equal(0, await next.StopAsync());
    }

    [Fact]
    public async Task CleanStop_ThenStart_KeepsTheDataAndChangesThePassword()
    {
        using var directory = new DataDirectory();
        string before;
        await using (var store = await EmbeddedStoreServer.StartAsync(new EmbeddedStoreOptions { DataDir = directory.Path }, Stop))
        {
            before = store.ConnectionString;
            await using var redis = await ConnectionMultiplexer.ConnectAsync(before);
            await redis.GetDatabase().StringSetAsync("kept", "yes");
        }

        Assert.False(File.Exists(Path.Combine(directory.Path, EmbeddedStoreServer.ConnectionFileName)));
        await using var again = await EmbeddedStoreServer.StartAsync(new EmbeddedStoreOptions { DataDir = directory.Path }, Stop);
        await using var reader = await ConnectionMultiplexer.ConnectAsync(again.ConnectionString);
        Assert.Equal("yes", (string?)await reader.GetDatabase().StringGetAsync("kept"));
        Assert.False(string.Equals(Password(before), Password(again.ConnectionString), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",password=wrong")]
    public async Task Client_WithoutThePassword_IsRefused(string credential)
    {
        using var directory = new DataDirectory();
        await using var store = await EmbeddedStoreServer.StartAsync(new EmbeddedStoreOptions { DataDir = directory.Path }, Stop);

        await Assert.ThrowsAnyAsync<RedisException>(async () =>
        {
            await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{store.Port},connectTimeout=1000,connectRetry=0{credential}");
            await redis.GetDatabase().StringSetAsync("written", "no");
        });
    }

    [Fact]
    public async Task Transaction_SinceKill9WithinOneWouldRuinTheStore_IsRefused()
    {
        using var directory = new DataDirectory();
        await using var store = await EmbeddedStoreServer.StartAsync(new EmbeddedStoreOptions { DataDir = directory.Path }, Stop);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(store.ConnectionString);

        var transaction = redis.GetDatabase().CreateTransaction();
        var set = transaction.StringSetAsync("half", "done");
        await Assert.ThrowsAnyAsync<RedisException>(async () =>
        {
            await transaction.ExecuteAsync();
            await set;
        });
    }

    /// <summary>Answers wait for the disk without their thread, so nothing but the sender keeps their order.</summary>
    [Fact]
    public async Task Answers_ToCommandsSentAtOnce_ComeInOrderAndAllBeforeTheEnd()
    {
        const int Commands = 5_000;
        using var directory = new DataDirectory();
        await using var store = await EmbeddedStoreServer.StartAsync(new EmbeddedStoreOptions { DataDir = directory.Path }, Stop);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, store.Port, Stop);
        var (sent, wanted) = (new StringBuilder(), new StringBuilder("+OK\r\n"));
        Send("AUTH", Password(store.ConnectionString));
        for (var (i, count) = (0, 0); i < Commands; i++)
        {
            if (i % 3 == 0)
            {
                Send("ECHO", $"{i:0000}");
                wanted.Append(CultureInfo.InvariantCulture, $"$4\r\n{i:0000}\r\n");
            }
            else
            {
                Send("INCR", "count");
                wanted.Append(CultureInfo.InvariantCulture, $":{++count}\r\n");
            }
        }

        Send("QUIT");
        wanted.Append("+OK\r\n");
        await using var stream = client.GetStream();
        var sending = stream.WriteAsync(Encoding.ASCII.GetBytes(sent.ToString()), Stop);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var got = await reader.ReadToEndAsync(Stop).WaitAsync(TimeSpan.FromSeconds(30), Stop);

        await sending;
        Assert.Equal(wanted.ToString(), got);

        void Send(params string[] words) => sent.Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n").AppendJoin("", words.Select(word => $"${word.Length}\r\n{word}\r\n"));
    }

    [Fact]
    public async Task ConnectionFile_OnceStarted_IsReadableByItsOwnerAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        using var directory = new DataDirectory();
        await using var store = await EmbeddedStoreServer.StartAsync(new EmbeddedStoreOptions { DataDir = directory.Path }, Stop);

        var file = Path.Combine(directory.Path, EmbeddedStoreServer.ConnectionFileName);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(store.ConnectionString, await File.ReadAllTextAsync(file, Stop));
    }

    [Fact]
    public async Task Store_WhoseCheckpointIsTorn_RefusesToStartEmpty()
    {
        using var directory = new DataDirectory();
        await using (var store = await EmbeddedStoreServer.StartAsync(new EmbeddedStoreOptions { DataDir = directory.Path }, Stop))
        {
            await using var redis = await ConnectionMultiplexer.ConnectAsync(store.ConnectionString);
            await redis.GetDatabase().StringSetAsync("money", "42");
            store.Checkpoint();
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(directory.Path, "store", "checkpoints", "Store"), "*", SearchOption.AllDirectories))
        {
            await File.WriteAllBytesAsync(file, new byte[new FileInfo(file).Length], Stop);
        }

        var refused = await Assert.ThrowsAsync<EmbeddedStoreException>(() =>
            EmbeddedStoreServer.StartAsync(new EmbeddedStoreOptions { DataDir = directory.Path }, Stop));
        Assert.Contains("another cluster.data_dir", refused.Message, StringComparison.Ordinal);
    }

    private static string Password(string connectionString) => connectionString.Split("password=")[1];
}
