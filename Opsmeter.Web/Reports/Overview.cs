namespace Opsmeter.Web.Reports;

/// <summary>What the first page shows of a range: sums, the same before it, and spend by column and value.</summary>
/// <param name="Totals">Its sums so far.</param>
/// <param name="Before">The sums of the time it is compared with; null where it is compared with nothing.</param>
/// <param name="Stack">Its columns.</param>
public sealed record Overview(SpendSums Totals, SpendSums? Before, SpendStack Stack);

/// <summary>What the first page shows of this moment.</summary>
/// <param name="States">Where the budgets stand, worst first.</param>
/// <param name="Latest">The latest requests, of every environment.</param>
/// <param name="Changes">The latest changes of state.</param>
public sealed record OverviewNow(
    IReadOnlyList<BudgetStateItem> States, IReadOnlyList<RequestItem> Latest, IReadOnlyList<StateChange> Changes);
