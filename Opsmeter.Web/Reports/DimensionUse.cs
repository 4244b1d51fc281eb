using Opsmeter.Core;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>The values that requests had in a dimension over a while.</summary>
/// <param name="Dimension">The dimension.</param>
/// <param name="Values">Each value with its requests and what the priced of them cost, dearest first.</param>
/// <param name="Requests">All requests, those without a value among them.</param>
/// <param name="Spend">What all of them cost.</param>
/// <param name="Days">How many days back they go.</param>
public sealed record DimensionUse(Dimension Dimension, IReadOnlyList<ValueUse> Values, long Requests, Usd Spend, int Days)
{
    /// <summary>The share of spend, 0–1, that is on requests with a value; of requests where nothing was spent; 1 without any.</summary>
    public decimal Coverage =>
        Spend > Usd.Zero ? Values.Sum(value => value.Spend.Dollars) / Spend.Dollars
        : Requests > 0 ? Values.Sum(value => value.Requests) / (decimal)Requests : 1;
}

/// <summary>One value.</summary>
/// <param name="Value">The value.</param>
/// <param name="Requests">Its requests.</param>
/// <param name="Spend">What the priced of them cost.</param>
public sealed record ValueUse(string Value, long Requests, Usd Spend);
