namespace Opsmeter.Web.Storage.Facts;

/// <summary>
/// Every fact of a workspace as of one commit: those on disk in segments, and the latest in memory. Immutable: rows that come
/// later are written behind <see cref="TailCount"/>.
/// </summary>
public sealed class FactBoard
{
    /// <summary>How many facts a chunk of the tail holds.</summary>
    public const int ChunkFacts = 1_024;

    private readonly Segment[] _segments;
    private readonly Fact[][] _chunks;

    private FactBoard(Segment[] segments, Fact[][] chunks, int tailCount, int segmentFacts, long lastSeq, long lastCorrectionId) =>
        (_segments, _chunks, TailCount, SegmentFacts, LastSeq, LastCorrectionId) = (segments, chunks, tailCount, segmentFacts, lastSeq, lastCorrectionId);

    /// <summary>The segments, oldest first.</summary>
    public IReadOnlyList<Segment> Segments => _segments;

    /// <summary>How many facts the next segment will hold: a multiple of <see cref="ChunkFacts"/>.</summary>
    public int SegmentFacts { get; }

    /// <summary>How many facts are in memory.</summary>
    public int TailCount { get; }

    /// <summary>The last row of the ledger in it.</summary>
    public long LastSeq { get; }

    /// <summary>The last correction in it.</summary>
    public long LastCorrectionId { get; }

    /// <summary>The first row of the ledger that a fact in memory is about; null without any.</summary>
    public long? FirstSeqInMemory
    {
        get
        {
            long? first = null;
            foreach (var chunk in Tail)
            {
                foreach (var fact in chunk.Span)
                {
                    first = fact.Seq < first || first is null ? fact.Seq : first;
                }
            }

            return first;
        }
    }

    /// <summary>The facts in memory, chunk by chunk.</summary>
    public IEnumerable<ReadOnlyMemory<Fact>> Tail
    {
        get
        {
            for (var i = 0; i * ChunkFacts < TailCount; i++)
            {
                yield return _chunks[i].AsMemory(0, Math.Min(ChunkFacts, TailCount - (i * ChunkFacts)));
            }
        }
    }

    /// <summary>The money of all facts.</summary>
    public long CostNano
    {
        get
        {
            var sum = Segments.Sum(segment => segment.CostNano);
            foreach (var chunk in Tail)
            {
                foreach (var fact in chunk.Span)
                {
                    sum = checked(sum + fact.Measure(FactColumn.Cost));
                }
            }

            return sum;
        }
    }

    /// <summary>A board of segments alone.</summary>
    /// <param name="segments">The segments, oldest first.</param>
    /// <param name="segmentFacts">How many facts the next segment will hold.</param>
    public static FactBoard Of(IEnumerable<Segment> segments, int segmentFacts)
    {
        Segment[] all = [.. segments];
        return all.Length == 0
            ? new FactBoard([], [], 0, segmentFacts, 0, 0)
            : new FactBoard(all, [], 0, segmentFacts, all[^1].LastSeq, all[^1].LastCorrectionId);
    }

    /// <summary>The board with more facts. Only the writer calls it, and only on the latest board: the chunks are shared.</summary>
    internal FactBoard With(IReadOnlyList<Fact> facts)
    {
        if (facts.Count == 0)
        {
            return this;
        }

        var (chunks, count, seq, correction) = (_chunks, TailCount, LastSeq, LastCorrectionId);
        foreach (var fact in facts)
        {
            if (count == chunks.Length * ChunkFacts)
            {
                chunks = [.. chunks, new Fact[ChunkFacts]];
            }

            chunks[count / ChunkFacts][count % ChunkFacts] = fact;
            count++;
            seq = Math.Max(seq, fact.Seq);
            correction = Math.Max(correction, fact.CorrectionId);
        }

        return new FactBoard(_segments, chunks, count, SegmentFacts, seq, correction);
    }

    /// <summary>True where there are as many facts in memory as a segment holds.</summary>
    public bool IsFull => TailCount >= SegmentFacts;

    /// <summary>The oldest facts in memory, as many as a segment holds; null while there are fewer.</summary>
    internal Fact[]? Sealable() =>
        !IsFull ? null : [.. _chunks.Take(SegmentFacts / ChunkFacts).SelectMany(chunk => chunk)];

    /// <summary>The board after its oldest facts in memory became a segment.</summary>
    internal FactBoard Sealed(Segment segment)
    {
        Segment[] segments = [.. Segments, segment];
        var left = TailCount - segment.Rows;
        return segment.Rows % ChunkFacts == 0
            ? new FactBoard(segments, _chunks[(segment.Rows / ChunkFacts)..], left, SegmentFacts, LastSeq, LastCorrectionId)
            : new FactBoard(segments, [], 0, SegmentFacts, LastSeq, LastCorrectionId)
                .With([.. Tail.SelectMany(chunk => chunk.ToArray()).Skip(segment.Rows)]);
    }
}
