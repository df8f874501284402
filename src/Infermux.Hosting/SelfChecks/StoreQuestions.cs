using System.Globalization;
using Infermux.Hosting.Clustering;
using StackExchange.Redis;

namespace Infermux.Hosting.SelfChecks;

/// <summary>Asks a store about itself, over a connection of its own that may ask what an operator may.</summary>
internal sealed class StoreQuestions : IAsyncDisposable
{
    private readonly ConfigurationOptions _options;
    private readonly ConnectionMultiplexer _store;

    private StoreQuestions(ConfigurationOptions options, ConnectionMultiplexer store) => (_options, _store) = (options, store);

    /// <exception cref="RedisException">It cannot be reached.</exception>
    public static async Task<StoreQuestions> ConnectAsync(string connectionString)
    {
        var options = StoreConnection.Options(connectionString);
        options.AllowAdmin = true;
        options.AbortOnConnectFail = true;
        return new StoreQuestions(options, await ConnectionMultiplexer.ConnectAsync(options));
    }

    /// <summary>Its clock.</summary>
    public async Task<DateTimeOffset> TimeAsync()
    {
        var parts = (RedisResult[])(await _store.GetDatabase().ExecuteAsync("TIME"))!;
        return DateTimeOffset.FromUnixTimeSeconds((long)parts[0]) + TimeSpan.FromMicroseconds((long)parts[1]);
    }

    public async Task<StoreFacts> FactsAsync()
    {
        var info = await InfoAsync();
        var memory = await ConfigAsync("maxmemory") ?? info.GetValueOrDefault("maxmemory");
        return new StoreFacts
        {
            AppendOnly = (await ConfigAsync("appendonly") ?? info.GetValueOrDefault("aof_enabled")) switch { "yes" or "1" => true, "no" or "0" => false, _ => null },
            AppendFsync = await ConfigAsync("appendfsync"),
            Snapshots = await ConfigAsync("save") is { } save ? save.Length > 0 : null,
            MaxMemory = long.TryParse(memory, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null,
            EvictionPolicy = await ConfigAsync("maxmemory-policy") ?? info.GetValueOrDefault("maxmemory_policy"),
            TookPassword = await TookPasswordAsync(),
            OpenToAnyone = await OpenToAnyoneAsync(),
        };
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private async Task<Dictionary<string, string>> InfoAsync()
    {
        var text = await AskedAsync(_store, "INFO") is { } said ? (string?)said ?? "" : "";
        return text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(':', 2)).Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0], StringComparer.Ordinal).ToDictionary(pairs => pairs.Key, pairs => pairs.First()[1], StringComparer.Ordinal);
    }

    private async Task<string?> ConfigAsync(string setting) =>
        await AskedAsync(_store, "CONFIG", "GET", setting) is { } said && (RedisResult[]?)said is [_, var value] ? (string?)value ?? "" : null;

    /// <summary>Says user and password once more, since a client that was refused at connecting goes on without.</summary>
    private async Task<bool?> TookPasswordAsync()
    {
        if (_options.Password is not { Length: > 0 } password)
        {
            return null;
        }

        object[] credentials = _options.User is { Length: > 0 } user ? [user, password] : [password];
        try
        {
            await _store.GetDatabase().ExecuteAsync("AUTH", credentials);
            return true;
        }
        catch (RedisServerException)
        {
            return false;
        }
    }

    private async Task<bool?> OpenToAnyoneAsync()
    {
        var options = _options.Clone();
        (options.User, options.Password) = (null, null);
        try
        {
            await using var stranger = await ConnectionMultiplexer.ConnectAsync(options);
            return await AskedAsync(stranger, "PING") is not null;
        }
        catch (RedisException)
        {
            return false;
        }
    }

    /// <summary>An answer; null where the store refuses the question.</summary>
    private static async Task<RedisResult?> AskedAsync(ConnectionMultiplexer store, string command, params object[] words)
    {
        try
        {
            return await store.GetDatabase().ExecuteAsync(command, words);
        }
        catch (RedisServerException)
        {
            return null;
        }
    }
}
