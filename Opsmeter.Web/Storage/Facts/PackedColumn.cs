using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Opsmeter.Web.Storage.Facts;

/// <summary>
/// Whole numbers in as few bits as the widest of them needs. Each is kept as its distance from the smallest, divided by
/// what all distances have in common (frame of reference); a dimension's as its place in a sorted list of the distinct ones.
/// </summary>
/// <remarks>Layout, little-endian: bits (1 byte), smallest (8), step (8), then the numbers, then 8 bytes so that every number can be read as a word. The loops
/// that read are compiled in full at once, as those of <see cref="Reports.SpendAggregate"/>.</remarks>
internal static class PackedColumn
{
    private const int HeaderBytes = 17;
    private const int WordBytes = sizeof(ulong);

    // A number of up to 57 bits lies within the word that begins at its first byte, whatever bit it begins at.
    private const int MostBits = 57;

    /// <summary>Packs numbers.</summary>
    public static byte[] Pack(ReadOnlySpan<long> values)
    {
        var (smallest, step, bits) = Measure(values);
        var packed = new byte[HeaderBytes + BytesOf(values.Length, bits) + WordBytes];
        packed[0] = (byte)bits;
        BinaryPrimitives.WriteInt64LittleEndian(packed.AsSpan(1), smallest);
        BinaryPrimitives.WriteInt64LittleEndian(packed.AsSpan(9), step);
        var words = packed.AsSpan(HeaderBytes);
        if (bits == 64)
        {
            for (var i = 0; i < values.Length; i++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(words[(i * WordBytes)..], values[i]);
            }
        }
        else if (bits > 0)
        {
            for (var i = 0; i < values.Length; i++)
            {
                var code = (ulong)((values[i] - smallest) / step);
                var at = (long)i * bits;
                var word = words[(int)(at >> 3)..];
                BinaryPrimitives.WriteUInt64LittleEndian(word, BinaryPrimitives.ReadUInt64LittleEndian(word) | (code << (int)(at & 7)));
            }
        }

        return packed;
    }

    /// <summary>Unpacks as many numbers as fit; that many have to be there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(ReadOnlySpan<byte> packed, Span<long> values)
    {
        var (bits, smallest, step) = Header(packed, values.Length);
        ref var words = ref MemoryMarshal.GetReference(packed[HeaderBytes..]);
        if (bits == 0)
        {
            values.Fill(smallest);
        }
        else if (bits == 64)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = Unsafe.ReadUnaligned<long>(ref Unsafe.Add(ref words, i * WordBytes));
            }
        }
        else
        {
            var mask = (1UL << bits) - 1;
            for (int i = 0, at = 0; i < values.Length; i++, at += bits)
            {
                values[i] = smallest + ((long)((Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref words, at >> 3)) >> (at & 7)) & mask) * step);
            }
        }
    }

    /// <summary>True when every number is 0.</summary>
    public static bool IsZero(ReadOnlySpan<byte> packed) => packed.Length >= HeaderBytes && packed[0] == 0 && BinaryPrimitives.ReadInt64LittleEndian(packed[1..]) == 0;

    /// <summary>Packs the values of a dimension.</summary>
    public static byte[] PackDimension(ReadOnlySpan<int> values)
    {
        var distinct = values.ToArray().Distinct().Order().ToArray();
        var places = new Dictionary<int, int>(distinct.Length);
        for (var i = 0; i < distinct.Length; i++)
        {
            places[distinct[i]] = i;
        }

        var codes = new long[values.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = places[values[i]];
        }

        // Sorted ids are close to each other: their distances take fewer bits.
        var gaps = distinct.Select((value, i) => (long)value - (i == 0 ? 0 : distinct[i - 1])).ToArray();
        var (list, body) = (Pack(gaps), Pack(codes));
        var packed = new byte[sizeof(int) + sizeof(int) + list.Length + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(packed, distinct.Length);
        BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(sizeof(int)), list.Length);
        list.CopyTo(packed, sizeof(int) * 2);
        body.CopyTo(packed, (sizeof(int) * 2) + list.Length);
        return packed;
    }

    /// <summary>Unpacks a dimension: each row's place in the list that is returned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int[] UnpackDimension(ReadOnlySpan<byte> packed, Span<int> codes)
    {
        var count = BinaryPrimitives.ReadInt32LittleEndian(packed);
        var listBytes = BinaryPrimitives.ReadInt32LittleEndian(packed[sizeof(int)..]);
        var gaps = new long[count];
        Unpack(packed.Slice(sizeof(int) * 2, listBytes), gaps);
        var distinct = new int[count];
        var value = 0L;
        for (var i = 0; i < count; i++)
        {
            value += gaps[i];
            distinct[i] = checked((int)value);
        }

        var body = packed[((sizeof(int) * 2) + listBytes)..];
        var (bits, smallest, _) = Header(body, codes.Length);
        ref var words = ref MemoryMarshal.GetReference(body[HeaderBytes..]);
        var mask = (1UL << bits) - 1;
        for (int i = 0, at = 0; i < codes.Length; i++, at += bits)
        {
            codes[i] = (int)smallest + (int)((Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref words, at >> 3)) >> (at & 7)) & mask);
        }

        return distinct;
    }

    private static (int Bits, long Smallest, long Step) Header(ReadOnlySpan<byte> packed, int count)
    {
        if (packed.Length < HeaderBytes || packed[0] is > MostBits and not 64 || packed.Length < HeaderBytes + BytesOf(count, packed[0]) + WordBytes)
        {
            throw new InvalidDataException("A column of a segment is shorter than its rows: the store is damaged.");
        }

        return (packed[0], BinaryPrimitives.ReadInt64LittleEndian(packed[1..]), BinaryPrimitives.ReadInt64LittleEndian(packed[9..]));
    }

    private static int BytesOf(int count, int bits) => (int)((((long)count * bits) + 7) / 8);

    private static (long Smallest, long Step, int Bits) Measure(ReadOnlySpan<long> values)
    {
        if (values.IsEmpty)
        {
            return (0, 1, 0);
        }

        var (smallest, largest) = (values[0], values[0]);
        foreach (var value in values)
        {
            (smallest, largest) = (Math.Min(smallest, value), Math.Max(largest, value));
        }

        if ((Int128)largest - smallest > long.MaxValue)
        {
            return (0, 1, 64);
        }

        var step = 0L;
        for (var i = 0; i < values.Length && step != 1; i++)
        {
            step = Common(values[i] - smallest, step);
        }

        step = Math.Max(step, 1);
        var bits = 64 - BitOperations.LeadingZeroCount((ulong)((largest - smallest) / step));
        return bits > MostBits ? (0, 1, 64) : (smallest, step, bits);
    }

    private static long Common(long a, long b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }
}
