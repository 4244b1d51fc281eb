namespace Opsmeter.Core.Decisions;

/// <summary>How far callers asked a budget first and did as they were told, in one window.</summary>
public readonly record struct Enforcement
{
    /// <summary>What was spent by counted requests with a price.</summary>
    public Usd Spent { get; init; }

    /// <summary>What of it was spent by requests whose caller had asked.</summary>
    public Usd Asked { get; init; }

    /// <summary>
    /// What was spent by requests that came while the budget said block, without those whose callers had asked for the very
    /// request before it did.
    /// </summary>
    public Usd WhileBlocked { get; init; }

    /// <summary>How often a caller that asked was told to stop.</summary>
    public long Blocked { get; init; }

    /// <summary>Requests that came all the same.</summary>
    public long BlockIgnored { get; init; }

    /// <summary>Requests that did as they were told when degraded.</summary>
    public long Degraded { get; init; }

    /// <summary>Requests that did not.</summary>
    public long DegradeIgnored { get; init; }

    /// <summary>Share of the spend whose callers asked, 0 to 1; null while nothing with a price was spent.</summary>
    public decimal? AskedShare => Spent > Usd.Zero ? (decimal)Asked.Nano / Spent.Nano : null;

    /// <summary>
    /// Share of what callers were told that they did, 0 to 1: refusals that no request followed, and degraded requests that
    /// did as they were told. Null while nobody was told anything.
    /// </summary>
    public decimal? ObeyedShare
    {
        get
        {
            var told = Math.Max(Blocked, BlockIgnored) + Degraded + DegradeIgnored;
            return told == 0 ? null : (decimal)(Math.Max(0, Blocked - BlockIgnored) + Degraded) / told;
        }
    }

    /// <summary>The sum of two.</summary>
    public static Enforcement operator +(Enforcement left, Enforcement right) => new()
    {
        Spent = left.Spent + right.Spent,
        Asked = left.Asked + right.Asked,
        WhileBlocked = left.WhileBlocked + right.WhileBlocked,
        Blocked = left.Blocked + right.Blocked,
        BlockIgnored = left.BlockIgnored + right.BlockIgnored,
        Degraded = left.Degraded + right.Degraded,
        DegradeIgnored = left.DegradeIgnored + right.DegradeIgnored,
    };

    /// <summary>What one counted request adds.</summary>
    /// <param name="cost">What it cost; null without a price.</param>
    /// <param name="ask">What its caller was told; null where it did not ask.</param>
    /// <param name="isBlocking">True where the budget said block to its endpoint, and did so when the caller asked for it.</param>
    /// <param name="model">The model that was called.</param>
    /// <param name="outputTokens">The tokens that it wrote.</param>
    public static Enforcement Of(Usd? cost, Ask? ask, bool isBlocking, string? model, long outputTokens)
    {
        var spent = cost ?? Usd.Zero;
        var obeyed = ask?.IsObeyedBy(model, outputTokens) ?? true;
        return new Enforcement
        {
            Spent = spent,
            Asked = ask is null ? Usd.Zero : spent,
            WhileBlocked = isBlocking ? spent : Usd.Zero,
            BlockIgnored = ask is { Action: DecisionAction.Block } ? 1 : 0,
            Degraded = ask is { Action: DecisionAction.Degrade } && obeyed ? 1 : 0,
            DegradeIgnored = ask is { Action: DecisionAction.Degrade } && !obeyed ? 1 : 0,
        };
    }
}
