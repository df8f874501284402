using System.Buffers;
using Orleans.Serialization;
using Orleans.Storage;

namespace Infermux.Hosting.Clustering;

/// <summary>
/// Grain records in Orleans' own binary form, which has aliases and field numbers and no CLR names. As <see cref="OrleansGrainStorageSerializer"/>, whose
/// buffer however starts anew and grows with every write; a busy account writes hundreds of times a second.
/// </summary>
internal sealed class AliasedSerializer(Serializer serializer) : IGrainStorageSerializer
{
    private const int KeptBytes = 1 << 20;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_buffer;

    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input)
    {
        var buffer = t_buffer ??= new ArrayBufferWriter<byte>(4096);
        buffer.ResetWrittenCount();
        serializer.Serialize(input, buffer);
        if (buffer.Capacity > KeptBytes)
        {
            t_buffer = null;
        }

        return BinaryData.FromBytes(buffer.WrittenSpan.ToArray());
    }

    /// <inheritdoc/>
    public T? Deserialize<T>(BinaryData input) => serializer.Deserialize<T>(input.ToMemory());
}
