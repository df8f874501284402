using Garnet.networking;
using Garnet.server;
using Microsoft.Extensions.Logging;

namespace Infermux.EmbeddedStore;

/// <summary>Makes Garnet's sessions, each behind the gate and answering what is on disk.</summary>
internal sealed class GatedSessions(ISessionProvider inner, CheckpointGate gate, StoreApi store, WriteFailure failure, ILogger log) : ISessionProvider
{
    private readonly Func<ValueTask<bool>> _committed = () => store.WaitForCommitAsync();

    /// <inheritdoc/>
    public MaxSizeSettings GetMaxSizeSettings => inner.GetMaxSizeSettings;

    /// <inheritdoc/>
    public IMessageConsumer GetSession(WireFormat wireFormat, INetworkSender networkSender) =>
        new GatedSession(inner.GetSession(wireFormat, new DurableSender(networkSender, _committed, gate, failure, log)), gate);
}
