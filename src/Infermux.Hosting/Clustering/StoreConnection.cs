using StackExchange.Redis;

namespace Infermux.Hosting.Clustering;

/// <summary>How Infermux talks to its store: short deadlines and no queue while it is away, because a request must not wait for a dead store.</summary>
public static class StoreConnection
{
    private const int DeadlineMs = 1000;

    /// <summary>Reads a connection string of StackExchange.Redis and sets what a money path needs over it.</summary>
    public static ConfigurationOptions Options(string connectionString)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        options.AbortOnConnectFail = false;
        options.AsyncTimeout = options.SyncTimeout = DeadlineMs;
        options.ConnectTimeout = 2 * DeadlineMs;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ClientName = "infermux";
        options.ReconnectRetryPolicy = new LinearRetry(DeadlineMs); // the default doubles: a store that was away for 30 s was found again only 10 s later
        options.SocketManager = SocketManager.ThreadPool; // its own ten threads cost 6 % more CPU per request, with a budget and without, in switches between them
        return options;
    }
}
