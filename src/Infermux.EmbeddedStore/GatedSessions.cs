using Garnet.networking;
using Garnet.server;

namespace Infermux.EmbeddedStore;

/// <summary>Makes Garnet's sessions, each behind the gate.</summary>
internal sealed class GatedSessions(ISessionProvider inner, CheckpointGate gate) : ISessionProvider
{
    /// <inheritdoc/>
    public MaxSizeSettings GetMaxSizeSettings => inner.GetMaxSizeSettings;

    /// <inheritdoc/>
    public IMessageConsumer GetSession(WireFormat wireFormat, INetworkSender networkSender) =>
        new GatedSession(inner.GetSession(wireFormat, networkSender), gate);
}
