namespace Opsmeter.Web.Storage.Facts;

/// <summary>Which facts to read, and what of them.</summary>
public sealed record FactScan
{
    /// <summary>From, inclusive, in UTC ticks; a quarter-hour's start unless rows are read.</summary>
    public required long FromTicks { get; init; }

    /// <summary>To, exclusive; likewise.</summary>
    public required long ToTicks { get; init; }

    /// <summary>
    /// True to read each row; false to read cells of a quarter-hour, a few times fewer, where that is enough: they know no
    /// user and no tenant. The latest facts come as rows either way.
    /// </summary>
    public required bool Rows { get; init; }

    /// <summary>The dimensions to read.</summary>
    public required IReadOnlyList<FactColumn> Dimensions { get; init; }

    /// <summary>The measures to read.</summary>
    public required IReadOnlyList<FactColumn> Measures { get; init; }

    /// <summary>True when every fact's time is needed. Otherwise it is read only where a segment reaches beyond the range.</summary>
    public bool WithTime { get; init; }

    /// <summary>What a batch has to hold to be worth reading; null for all. Given the dictionary of each dimension read.</summary>
    public Func<FactBatch, bool>? Wants { get; init; }

    /// <summary>Segments that are left out, because what they hold is known; null for none.</summary>
    public IReadOnlySet<Segment>? Without { get; init; }

    /// <summary>True for a segment that has facts in the range, as far as its ends tell.</summary>
    internal bool Overlaps(Segment segment) => FirstOf(segment) < ToTicks && segment.LastTicks >= FromTicks;

    /// <summary>True for a segment whose facts are all in the range.</summary>
    internal bool Covers(Segment segment) =>
        FirstOf(segment) >= FromTicks && (Rows ? segment.LastTicks : QuarterHour.StartOf(segment.LastTicks)) < ToTicks;

    private long FirstOf(Segment segment) => Rows ? segment.FirstTicks : QuarterHour.StartOf(segment.FirstTicks);
}
