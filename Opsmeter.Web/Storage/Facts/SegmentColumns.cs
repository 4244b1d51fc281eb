namespace Opsmeter.Web.Storage.Facts;

/// <summary>The columns of a segment to be, packed.</summary>
internal sealed record SegmentColumns(Segment Segment, IReadOnlyList<(int Place, byte[] Data)> Columns, byte[] Hash)
{
    private const int CellsFrom = 32;

    private static readonly FactColumn[] Dimensions =
    [
        FactColumn.Scope, FactColumn.Endpoint, FactColumn.Provider, FactColumn.Model, FactColumn.Version, FactColumn.Key,
        FactColumn.User, FactColumn.Tenant,
    ];

    private static readonly FactColumn[] Measures =
    [
        FactColumn.Requests, FactColumn.Errors, FactColumn.Unpriced, FactColumn.Cost, FactColumn.Input, FactColumn.Output,
        FactColumn.Cached, FactColumn.CacheWrite, FactColumn.Reasoning, FactColumn.Audio, FactColumn.UnpricedTokens,
        FactColumn.ReportedRequests, FactColumn.Reported, FactColumn.ReportedComputed,
    ];

    /// <summary>Where a column of a segment stands in the table.</summary>
    public static long PlaceOf(long segmentId, FactColumn column, bool isCells) => PlaceOf(segmentId, PlaceOf(column, isCells));

    /// <summary>Where a column, by its place in its segment, stands in the table.</summary>
    public static long PlaceOf(long segmentId, int place) => (segmentId * 2 * CellsFrom) + place;

    /// <summary>Packs facts into the segment after those there are.</summary>
    /// <param name="id">The segment's number.</param>
    /// <param name="facts">Its facts, in the order they came.</param>
    /// <param name="before">The board they come from.</param>
    public static SegmentColumns Of(long id, Fact[] facts, FactBoard before)
    {
        var columns = new List<(int, byte[])>();
        var values = new long[facts.Length];
        foreach (var dimension in Dimensions)
        {
            columns.Add((PlaceOf(dimension, isCells: false), PackedColumn.PackDimension(Array.ConvertAll(facts, fact => fact.Code(dimension)))));
        }

        foreach (var column in Measures.Append(FactColumn.Time).Append(FactColumn.Latency))
        {
            for (var i = 0; i < facts.Length; i++)
            {
                values[i] = facts[i].Measure(column);
            }

            columns.Add((PlaceOf(column, isCells: false), PackedColumn.Pack(values)));
        }

        columns.Add((PlaceOf(FactColumn.Seq, isCells: false), PackedColumn.Pack(SeqsOf(facts))));
        var cells = AddCells(columns, facts);
        var lastSegment = before.Segments.Count > 0 ? before.Segments[^1] : null;
        var segment = new Segment(
            id, facts.Length, cells, facts.Min(fact => fact.OccurredTicks), facts.Max(fact => fact.OccurredTicks),
            Math.Max(lastSegment?.LastSeq ?? 0, facts.Max(fact => fact.CorrectionId == 0 ? fact.Seq : 0)),
            Math.Max(lastSegment?.LastCorrectionId ?? 0, facts.Max(fact => fact.CorrectionId)),
            facts.Sum(fact => fact.Measure(FactColumn.Cost)));
        return new SegmentColumns(segment, columns, SegmentHash.OfColumns(columns));
    }

    /// <summary>Undoes <see cref="SeqsOf"/>.</summary>
    public static void RestoreSeqs(Span<long> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] += i;
        }
    }

    // Rows follow each other in the ledger: less their place here, all of them are one number.
    private static long[] SeqsOf(Fact[] facts)
    {
        var seqs = new long[facts.Length];
        var last = facts.FirstOrDefault(fact => fact.CorrectionId == 0).Seq;
        for (var i = 0; i < seqs.Length; i++)
        {
            last = facts[i].CorrectionId == 0 ? facts[i].Seq : last;
            seqs[i] = last - i;
        }

        return seqs;
    }

    private static int AddCells(List<(int, byte[])> columns, Fact[] facts)
    {
        var places = new Dictionary<CellKey, int>();
        var keys = new List<CellKey>();
        var rows = new int[facts.Length];
        for (var i = 0; i < facts.Length; i++)
        {
            var key = CellKey.Of(facts[i]);
            if (!places.TryGetValue(key, out rows[i]))
            {
                places[key] = rows[i] = keys.Count;
                keys.Add(key);
            }
        }

        Add(FactColumn.Scope, key => key.Scope);
        Add(FactColumn.Endpoint, key => key.Endpoint);
        Add(FactColumn.Provider, key => key.Provider);
        Add(FactColumn.Model, key => key.Model);
        Add(FactColumn.Version, key => key.Version);
        Add(FactColumn.Key, key => key.Key);
        columns.Add((PlaceOf(FactColumn.Time, isCells: true), PackedColumn.Pack(keys.Select(key => key.QuarterTicks).ToArray())));
        var sums = new long[keys.Count];
        foreach (var measure in Measures)
        {
            Array.Clear(sums);
            for (var i = 0; i < facts.Length; i++)
            {
                sums[rows[i]] = checked(sums[rows[i]] + facts[i].Measure(measure));
            }

            columns.Add((PlaceOf(measure, isCells: true), PackedColumn.Pack(sums)));
        }

        var squares = new double[keys.Count];
        Array.Fill(sums, long.MaxValue);
        for (var i = 0; i < facts.Length; i++)
        {
            squares[rows[i]] += facts[i].Sign * Square(facts[i]);
            sums[rows[i]] = Math.Min(sums[rows[i]], facts[i].OccurredTicks);
        }

        columns.Add((PlaceOf(FactColumn.First, isCells: true), PackedColumn.Pack(sums)));
        columns.Add((PlaceOf(FactColumn.Squares, isCells: true), PackedColumn.Pack(Array.ConvertAll(squares, BitsOf))));
        return keys.Count;

        void Add(FactColumn dimension, Func<CellKey, int> value) =>
            columns.Add((PlaceOf(dimension, isCells: true), PackedColumn.PackDimension(keys.Select(value).ToArray())));
    }

    /// <summary>The square of a request's cost in dollars; 0 without one.</summary>
    public static double Square(in Fact fact) => fact.CostNano is { } nano ? (double)nano / Core.Usd.NanoPerDollar * ((double)nano / Core.Usd.NanoPerDollar) : 0;

    // Seven digits are plenty for a spread, and take half the room.
    private static long BitsOf(double squares) => BitConverter.SingleToUInt32Bits((float)squares);

    /// <summary>Undoes the rounding's encoding.</summary>
    public static double SquaresOf(long bits) => BitConverter.UInt32BitsToSingle((uint)bits);

    private static int PlaceOf(FactColumn column, bool isCells) => (int)column + (isCells ? CellsFrom : 0);

    private readonly record struct CellKey(long QuarterTicks, int Scope, int Endpoint, int Provider, int Model, int Version, int Key)
    {
        public static CellKey Of(in Fact fact) => new(
            QuarterHour.StartOf(fact.OccurredTicks), fact.Scope, fact.Endpoint, fact.Provider, fact.Model, fact.Version, fact.Key);
    }
}
