using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Opsmeter.Web.Storage;

/// <summary>
/// The hash of a row of the ledger and of all rows before it. Names are bound by the ids of their dictionary, so that erasing
/// a person's text later breaks nothing.
/// </summary>
internal static class LedgerChain
{
    /// <summary>The length of a hash, in bytes.</summary>
    public const int Bytes = 20;

    /// <summary>The length of the hashes of versions that bound fewer columns.</summary>
    public const int EarlierBytes = 16;

    private const int EarlierNumbers = 26;
    private const int Numbers = EarlierNumbers + 5;
    private const int OnStack = 2_048;

    /// <summary>Before the first row.</summary>
    public static byte[] Origin => new byte[EarlierBytes];

    /// <summary>The hash of a row.</summary>
    /// <param name="before">The hash of the row before it.</param>
    /// <param name="row">The row.</param>
    public static byte[] Of(byte[] before, in ChainedRow row)
    {
        Span<long> numbers = stackalloc long[Numbers];
        Fill(row, long.MinValue, numbers);
        (numbers[26], numbers[27], numbers[28], numbers[29], numbers[30]) =
            (row.Seq, row.WorkspaceId, row.ProviderId, row.ErrorCodeId ?? long.MinValue, row.Warnings);
        return Hash(before, numbers, [row.ExternalId, row.ProviderResponseId, row.Metadata]);
    }

    /// <summary>The hash of a row as it was written, by this version or an earlier one.</summary>
    /// <param name="before">The hash of the row before it.</param>
    /// <param name="row">The row.</param>
    /// <param name="written">What stands in the ledger; its length tells the version.</param>
    public static bool IsOf(byte[] before, in ChainedRow row, byte[] written) => written.Length switch
    {
        Bytes => Of(before, row).AsSpan().SequenceEqual(written),
        EarlierBytes => EarlierOf(before, row).AsSpan().SequenceEqual(written),
        _ => false,
    };

    /// <summary>The hash of a correction and of all before it.</summary>
    public static byte[] OfCorrection(byte[] before, int workspaceId, long seq, int disposition, long atTicks, string actor, string? reason) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Convert.ToHexString(before)}|{workspaceId}|{seq}|{disposition}|{atTicks}|{actor}|{reason}"))[..EarlierBytes];

    private static byte[] EarlierOf(byte[] before, in ChainedRow row)
    {
        Span<long> numbers = stackalloc long[EarlierNumbers];
        Fill(row, 0, numbers);
        var buffer = new byte[before.Length + Encoding.UTF8.GetByteCount(row.ExternalId) + (EarlierNumbers * sizeof(long))];
        before.CopyTo(buffer, 0);
        var at = before.Length + Encoding.UTF8.GetBytes(row.ExternalId, buffer.AsSpan(before.Length));
        foreach (var number in numbers)
        {
            BinaryPrimitives.WriteInt64LittleEndian(buffer.AsSpan(at), number);
            at += sizeof(long);
        }

        return SHA256.HashData(buffer)[..EarlierBytes];
    }

    // A cost that is not known is -1 in both: costs are never negative.
    private static void Fill(in ChainedRow row, long none, Span<long> numbers)
    {
        ReadOnlySpan<long> values =
        [
            row.Revision, row.ReceivedTicks, row.OccurredTicks, row.ProviderSentId, row.ModelId, row.EndpointId, row.VersionId,
            row.UserId ?? none, row.TenantId ?? none, row.KeyId ?? none, row.Environment, row.DataMode, row.ServiceTier,
            row.Usage.Input, row.Usage.Output, row.Usage.Cached, row.Usage.CacheWrite, row.Usage.CacheWrite1h, row.Usage.Reasoning,
            row.Usage.AudioInput, row.Usage.AudioOutput, row.CostNano ?? -1, row.ReportedNano ?? -1, row.PriceVersionId ?? none,
            row.LatencyMs, row.IsError,
        ];
        values.CopyTo(numbers);
    }

    // Each text with its length before it, so that nothing can move from one to the next.
    private static byte[] Hash(byte[] before, ReadOnlySpan<long> numbers, ReadOnlySpan<string?> texts)
    {
        var length = before.Length + (numbers.Length * sizeof(long));
        foreach (var text in texts)
        {
            length += sizeof(int) + (text is null ? 0 : Encoding.UTF8.GetByteCount(text));
        }

        var buffer = length <= OnStack ? stackalloc byte[OnStack] : new byte[length];
        before.CopyTo(buffer);
        var at = before.Length;
        foreach (var number in numbers)
        {
            BinaryPrimitives.WriteInt64LittleEndian(buffer[at..], number);
            at += sizeof(long);
        }

        foreach (var text in texts)
        {
            var written = text is null ? -1 : Encoding.UTF8.GetBytes(text, buffer[(at + sizeof(int))..]);
            BinaryPrimitives.WriteInt32LittleEndian(buffer[at..], written);
            at += sizeof(int) + Math.Max(written, 0);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer[..at], hash);
        return hash[..Bytes].ToArray();
    }
}
