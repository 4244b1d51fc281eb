namespace Opsmeter.Tests.Web.Hosting;

/// <summary>Gives a few bytes that begin like gzip, then breaks off.</summary>
internal sealed class TestBrokenStream(Exception fault) : MemoryStream([0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 3])
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Position < Length ? base.ReadAsync(buffer, cancellationToken) : ValueTask.FromException<int>(fault);
}
