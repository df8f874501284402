using Garnet.networking;

namespace Infermux.EmbeddedStore;

/// <summary>
/// One connection's commands, behind the gate. Garnet runs what one read brought in to its end on one thread; answers that still wait for the disk stay behind
/// the gate by themselves (<see cref="DurableSender"/>).
/// </summary>
internal sealed class GatedSession(IMessageConsumer inner, CheckpointGate gate) : IMessageConsumer
{
    /// <inheritdoc/>
    public unsafe int TryConsumeMessages(byte* reqBuffer, int bytesRead)
    {
        gate.Enter();
        try
        {
            return inner.TryConsumeMessages(reqBuffer, bytesRead);
        }
        finally
        {
            gate.Leave();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();
}
