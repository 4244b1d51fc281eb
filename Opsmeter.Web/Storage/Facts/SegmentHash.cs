using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Opsmeter.Web.Storage.Facts;

/// <summary>
/// The hash of a segment, of all its columns and of all segments before it: what rows cost that are no longer kept is known by
/// their columns alone.
/// </summary>
internal static class SegmentHash
{
    /// <summary>The length of a hash, in bytes.</summary>
    public const int Bytes = 20;

    /// <summary>Before the first segment, and before the first of those that have hashes.</summary>
    public static byte[] Origin => [];

    /// <summary>The hash of a segment.</summary>
    /// <param name="before">The hash of the segment before it.</param>
    /// <param name="workspaceId">Whose it is.</param>
    /// <param name="segment">What is known of it.</param>
    /// <param name="columns">What <see cref="OfColumns"/> says of its columns.</param>
    public static byte[] Of(byte[] before, int workspaceId, Segment segment, byte[] columns)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(before);
        Append(
            hash,
            [workspaceId, segment.Id, segment.Rows, segment.Cells, segment.FirstTicks, segment.LastTicks, segment.LastSeq, segment.LastCorrectionId, segment.CostNano]);
        hash.AppendData(columns);
        return hash.GetHashAndReset()[..Bytes];
    }

    /// <summary>The hash of a segment's columns: the larger part, and made beside the writer.</summary>
    /// <param name="columns">All of them, by their place in it.</param>
    public static byte[] OfColumns(IEnumerable<(int Place, byte[] Data)> columns)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (place, data) in columns.OrderBy(column => column.Place))
        {
            Append(hash, [place, data.Length]);
            hash.AppendData(data);
        }

        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<long> numbers)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        foreach (var number in numbers)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            hash.AppendData(bytes);
        }
    }
}
