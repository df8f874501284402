namespace Infermux.Core.Configuration.Checks;

/// <summary>The store has what it needs, and nothing is set that the store ignores.</summary>
internal static class ClusterChecks
{
    internal static IEnumerable<ConfigProblem> Of(InfermuxOptions options)
    {
        var cluster = options.Cluster;
        if (cluster.Store == StoreKind.Redis && string.IsNullOrWhiteSpace(cluster.Redis))
        {
            yield return new("cluster.redis", "store 'redis' needs a connection string, and there is none.", "Set it, such as 'localhost:6379', or use 'cluster.store: embedded'.");
        }
        if (cluster.Store != StoreKind.Redis && cluster.Redis is not null)
        {
            yield return new("cluster.redis", $"has no effect with 'cluster.store: {Keys.ConfigWords.Of(cluster.Store)}'.", "Set 'cluster.store: redis', or remove it.", IsWarning: true);
        }
        if (cluster.Store != StoreKind.Memory && string.IsNullOrWhiteSpace(cluster.DataDir))
        {
            yield return new("cluster.data_dir", "is empty, and the journal needs a folder.", "Write one, such as './data'.");
        }
        if (cluster.SiloPort is { } silo && silo == cluster.GatewayPort)
        {
            yield return new("cluster.gateway_port", $"{silo} is 'cluster.silo_port' too.", "Give each its own port.");
        }
        if (cluster.AdvertisedIp is { } ip && !System.Net.IPAddress.TryParse(ip, out _))
        {
            yield return new("cluster.advertised_ip", $"'{ip}' is not an IP address.", "Write the address that other members reach this process at, such as '10.0.0.5'.");
        }
    }
}
