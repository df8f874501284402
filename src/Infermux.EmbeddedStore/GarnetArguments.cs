using System.Globalization;

namespace Infermux.EmbeddedStore;

/// <summary>
/// What Garnet is told, in the words of its command line: the only form of its settings that is documented and checked. They never leave the process.
/// </summary>
internal static class GarnetArguments
{
    /// <summary>
    /// Who may do what. Checkpoints are ours to start (<see cref="CheckpointGate"/>). MULTI is refused: kill -9 within a transaction left a store that never started again ("No nested transactions expected", 2 of 2
    /// tries). A change of several keys is one script, and may be there in part after kill -9: each command of it is durable by itself.
    /// </summary>
    public static string Acl(string password) => $"user default on >{password} +@all -multi -save -bgsave\n";

    /// <summary>The file of <see cref="Acl"/>.</summary>
    public static string AclFile(string storeDir) => Path.Combine(storeDir, "users.acl");

    /// <summary>Garnet's arguments for a store under <paramref name="storeDir"/>.</summary>
    public static string[] For(string storeDir, int port) =>
    [
        "--bind", "127.0.0.1",
        "--port", port.ToString(CultureInfo.InvariantCulture),
        "--auth", "ACL",
        "--acl-file", AclFile(storeDir),
        "-q",

        // Not --lua-transaction-mode: it lost more at checkpoints. A script is atomic only towards commands of the same connection, which come one
        // after the other: let one multiplexer carry all that touches a key.
        "--lua",

        // A write is on disk before it is answered: each is committed at once, and DurableSender waits for that.
        "--aof",
        "--aof-commit-freq", "0",
        "--aof-memory", "16m",
        "--aof-page-size", "4m",
        "--aof-segment-size", "16m",

        // Without the last one a store that cannot be read back starts empty, and every budget with it. It does not see every case: RecoveryCheck.
        "--recover",
        "--fail-on-recovery-error",

        // The native device needs libaio, and the process died without it.
        "--device-type", "RandomAccess",

        // Without the storage tier it is a cache: records beyond the memory are forgotten in silence.
        "--storage-tier",
        "--memory", "64m",
        "--index", "16m",
        "--page", "2m",
        "--segment", "32m",
        "--object-log-segment", "32m",
        "--logdir", Path.Combine(storeDir, "log"),
        "--checkpointdir", Path.Combine(storeDir, "checkpoints"),
    ];
}
