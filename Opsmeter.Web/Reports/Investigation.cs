using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>Why the spend of a range differs from that of the time it is compared with.</summary>
/// <param name="Range">The range.</param>
/// <param name="Before">The time it is compared with.</param>
/// <param name="Change">The difference in its parts.</param>
/// <param name="Dimensions">Who moved, by dimension; only those of which there are values.</param>
/// <param name="Newcomers">Endpoints on models that had no priced request before, dearest first; they add up to the change's part.</param>
/// <param name="Appeared">When the prompt versions that first appeared in the two days before the range, or in it, did.</param>
/// <param name="Spikes">The spikes of the range, whatever is filtered by.</param>
/// <param name="Unpriced">How many requests of both periods have no price and so no part in any of it.</param>
public sealed record Investigation(
    SpendRange Range, TimeWindow Before, SpendChange Change, IReadOnlyList<DimensionMovers> Dimensions, IReadOnlyList<Newcomer> Newcomers,
    IReadOnlyDictionary<string, DateTimeOffset> Appeared, IReadOnlyList<SpendSpike> Spikes, long Unpriced)
{
    /// <summary>The range as far as it has come: as long as what it is compared with.</summary>
    public TimeWindow Window => Range.Window with { End = Range.Window.Start + Before.Length };

    /// <summary>Who moved by a dimension, or null where there are no values of it.</summary>
    public DimensionMovers? Of(Dimension dimension) => Dimensions.FirstOrDefault(each => each.Dimension == dimension);
}

/// <summary>The values of a dimension whose spend changed most.</summary>
/// <param name="Dimension">The dimension.</param>
/// <param name="Movers">The greatest changes, up or down.</param>
/// <param name="Others">How many values are left out.</param>
/// <param name="OthersBefore">What those spent before.</param>
/// <param name="OthersAfter">What they spent in the range.</param>
public sealed record DimensionMovers(Dimension Dimension, IReadOnlyList<MoverLine> Movers, int Others, Usd OthersBefore, Usd OthersAfter);

/// <summary>A value whose spend changed.</summary>
/// <param name="Mover">Its change.</param>
/// <param name="Before">Its sums before; without a request where it had none.</param>
/// <param name="After">Its sums in the range; without a request where it has none.</param>
public sealed record MoverLine(Mover Mover, SpendSums Before, SpendSums After)
{
    /// <summary>How much more it spent; null where a price is missing for all of a period.</summary>
    public Usd? Change => Before.Cost is null || After.Cost is null ? null : Mover.Change;
}

/// <summary>An endpoint on a model that had no priced request before.</summary>
public sealed record Newcomer(string? EndpointTag, string? Model, long Requests, Usd Cost);
