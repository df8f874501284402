using StackExchange.Redis;

namespace Infermux.Hosting.Clustering;

/// <summary>Which failures of a call to the store say no more than that it did not answer. One place, so that nobody who asks it forgets one.</summary>
public static class StoreFailures
{
    /// <summary>
    /// Whether it is one: what the client throws, its deadlines, a client that is being closed, and a cancellation that nobody asked for, which is how the client
    /// ends calls on a connection that it gives up (a frozen store). None of these calls takes a token.
    /// </summary>
    public static bool IsUnanswered(Exception failure) => failure is RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException;
}
