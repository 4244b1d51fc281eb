using Opsmeter.Core;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>What the first page shows of a range: sums, the same before it, and spend by column and value.</summary>
/// <param name="Range">The range.</param>
/// <param name="Totals">Its sums so far.</param>
/// <param name="Before">The sums of the same stretch before.</param>
/// <param name="Series">Dollars by column: the dearest values, and the rest together under a null name.</param>
public sealed record Overview(SpendRange Range, SpendSums Totals, SpendSums Before, IReadOnlyList<OverviewSeries> Series);

/// <summary>Spend of one value, column by column; the name is null for all values that have none of their own.</summary>
public sealed record OverviewSeries(string? Name, IReadOnlyList<decimal> Dollars);

/// <summary>What the first page shows of this moment.</summary>
/// <param name="States">Where the budgets stand, worst first.</param>
/// <param name="Latest">The latest requests, of every environment.</param>
/// <param name="Changes">The latest changes of state.</param>
public sealed record OverviewNow(
    IReadOnlyList<BudgetStateItem> States, IReadOnlyList<RequestItem> Latest, IReadOnlyList<StateChange> Changes);
