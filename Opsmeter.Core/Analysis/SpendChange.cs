namespace Opsmeter.Core.Analysis;

/// <summary>
/// Why spend differs between two periods, in parts that add up to the difference to the nano-dollar. A cell is what one
/// endpoint spent on one model.
/// </summary>
/// <param name="Before">Spend of the earlier period.</param>
/// <param name="After">Spend of the later period.</param>
/// <param name="Volume">More or fewer requests, had every cell grown alike.</param>
/// <param name="Mix">Requests moved to dearer or cheaper cells; a cell that is gone counts here.</param>
/// <param name="TokensPerRequest">Longer or shorter requests, at the earlier price of a token in their cell.</param>
/// <param name="UnitPrice">A dearer or cheaper token, also by another share of output or cached tokens.</param>
/// <param name="Newcomers">Cells without a request in the earlier period: their whole spend.</param>
public sealed record SpendChange(Usd Before, Usd After, Usd Volume, Usd Mix, Usd TokensPerRequest, Usd UnitPrice, Usd Newcomers)
{
    // What would have been spent may be past what can be counted, as when the tokens of one request grow a billionfold: a
    // step is cut there, and the parts still add up.
    private const long Most = 1L << 61;

    /// <summary>The difference: the sum of the parts.</summary>
    public Usd Change => After - Before;

    /// <summary>Takes a difference apart.</summary>
    /// <remarks>
    /// Each part changes one factor of cost = requests × share of the cell × tokens per request × price of a token, in this
    /// order, the earlier factors being those of the later period; so the parts telescope. Between the steps sums are
    /// rounded to nano-USD, half to even: the parts differ from exact ones by less than a nano-dollar each and lose nothing.
    /// </remarks>
    /// <param name="cells">Each cell, before and after; one without requests is <c>default</c>.</param>
    public static SpendChange Between(IEnumerable<(SpendCell Before, SpendCell After)> cells)
    {
        var (before, after, newcomers) = (default(SpendCell), default(SpendCell), Usd.Zero);
        var (atOldCost, atOldPrice) = (0m, 0m);
        foreach (var (old, now) in cells)
        {
            if (old.Requests == 0)
            {
                newcomers += now.Cost;
                continue;
            }

            (before, after) = (before + old, after + now);
            atOldCost += Scaled(old.Cost, old.Requests, now.Requests);

            // A cell that used no tokens has no price of one: what it costs now is the price's doing.
            atOldPrice += old.Tokens == 0 ? Scaled(old.Cost, old.Requests, now.Requests) : Scaled(old.Cost, old.Tokens, now.Tokens);
        }

        var evenly = before.Requests == 0 ? Usd.Zero : Nano(Scaled(before.Cost, before.Requests, after.Requests));
        var (mixed, longer) = (Nano(atOldCost), Nano(atOldPrice));
        return new SpendChange(
            before.Cost, after.Cost + newcomers, evenly - before.Cost, mixed - evenly, longer - mixed, after.Cost - longer, newcomers);
    }

    private static decimal Scaled(Usd cost, long of, long to) =>
        (double)cost.Nano / of * to >= Most ? Most : (decimal)cost.Nano / of * to;

    private static Usd Nano(decimal nano) => new(decimal.ToInt64(decimal.Round(Math.Min(nano, Most), 0, MidpointRounding.ToEven)));
}
