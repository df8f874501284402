using Garnet;
using Garnet.networking;
using Garnet.server;

namespace Infermux.EmbeddedStore;

/// <summary>Garnet whose checkpoints are ours to start, and run while no command does: see <see cref="CheckpointGate"/>.</summary>
internal sealed class GatedGarnet : GarnetServer
{
    private readonly CheckpointGate _gate = new();
    private readonly WriteFailure _failure;

    public GatedGarnet(string[] arguments, GarnetLog log) : base(arguments, log)
    {
        _failure = new WriteFailure(log.Ours);
        foreach (var server in storeWrapper.Servers)
        {
            server.Unregister(WireFormat.ASCII, out var sessions);
            server.Register(WireFormat.ASCII, new GatedSessions(sessions, _gate, Store, _failure, log.Ours));
        }
    }

    /// <summary>Bytes of the append-only file that a restart would replay.</summary>
    public long ReplayLength => storeWrapper.AofSize();

    /// <summary>Why it writes nothing more; null while it does.</summary>
    public string? WriteFailure => _failure.Why;

    /// <summary>Writes a checkpoint and cuts the append-only file before it. Blocks, and so does every command meanwhile.</summary>
    /// <exception cref="IOException">The file was not cut, so no checkpoint was finished; Garnet's log says why.</exception>
    public void Checkpoint()
    {
        _gate.RunAlone(() =>
        {
            var before = ReplayLength;
            var status = storeWrapper.TakeCheckpointAsync(background: false).GetAwaiter().GetResult();
            if (status != CheckpointStatus.Success || (before > 0 && ReplayLength >= before))
            {
                throw new IOException(
                    $"The embedded store could not finish a checkpoint ({status}); its file grows until one succeeds. Look for a full disk under cluster.data_dir.");
            }
        });
    }
}
