using Infermux.Gateway.Requests;

namespace Infermux.Gateway.Tests.Requests;

public sealed class OperationIdTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void New_IsAVersion7UuidOfItsMillisecond()
    {
        var bytes = OperationId.New(Now).ToByteArray(bigEndian: true);

        Assert.Equal(Guid.CreateVersion7(Now).ToByteArray(bigEndian: true)[..6], bytes[..6]);
        Assert.Equal(0x7, bytes[6] >> 4);
        Assert.Equal(0b10, bytes[8] >> 6);
    }

    [Fact]
    public void New_InOneMillisecondOnManyThreads_NeverRepeats()
    {
        var ids = Enumerable.Range(0, 100_000).AsParallel().Select(_ => OperationId.New(Now)).ToHashSet();

        Assert.Equal(100_000, ids.Count);
    }
}
