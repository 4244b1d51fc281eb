using System.Buffers.Binary;

namespace Opsmeter.Web.Hosting;

/// <summary>
/// The compressed side of a gzip body. It remembers how the body ends, because the framework takes a body that breaks off
/// for a whole one: of a batch cut at the end of a line, the last rows would be lost and answered with 200.
/// </summary>
/// <param name="body">The body as sent.</param>
/// <param name="maxBytes">The most bytes as sent: gzip may also decompress to nothing, for ever.</param>
internal sealed class GzipInput(Stream body, int maxBytes) : Stream
{
    // CRC-32 and size of the last member's plain bytes, little-endian (RFC 1952 §2.3.1).
    private const int TrailerLength = 8;

    // Ten bytes of header, at least two of data, the trailer.
    private const int ShortestMember = 20;

    private static readonly uint[] CrcTable = MakeCrcTable();

    private readonly byte[] _end = new byte[TrailerLength];
    private long _length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>
    /// True when the body ended with the trailer of what was decompressed. Gzip may consist of several members, each with a
    /// trailer of its own; the framework has checked all but the last, whose bytes are the last of the plain ones.
    /// </summary>
    /// <param name="plain">All decompressed bytes.</param>
    public bool IsComplete(ReadOnlySpan<byte> plain)
    {
        if (_length < ShortestMember)
        {
            return false;
        }

        var size = BinaryPrimitives.ReadUInt32LittleEndian(_end.AsSpan(4));
        if (size > plain.Length || (size == 0 && !plain.IsEmpty))
        {
            return false;
        }

        return Crc(plain[^(int)size..]) == BinaryPrimitives.ReadUInt32LittleEndian(_end);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await body.ReadAsync(buffer, cancellationToken);
        _length += read;
        if (_length > maxBytes)
        {
            throw new BadHttpRequestException("Too large.", StatusCodes.Status413PayloadTooLarge);
        }

        Remember(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    private void Remember(ReadOnlySpan<byte> bytes)
    {
        var taken = bytes[^Math.Min(bytes.Length, TrailerLength)..];
        _end.AsSpan(taken.Length).CopyTo(_end);
        taken.CopyTo(_end.AsSpan(TrailerLength - taken.Length));
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc = CrcTable[(byte)(crc & 0xFF) ^ value] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] MakeCrcTable()
    {
        const uint Polynomial = 0xEDB88320;
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var entry = i;
            for (var bit = 0; bit < 8; bit++)
            {
                entry = (entry & 1) == 0 ? entry >> 1 : (entry >> 1) ^ Polynomial;
            }

            table[i] = entry;
        }

        return table;
    }
}
