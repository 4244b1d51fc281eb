using Opsmeter.Core;
using Opsmeter.Core.Metering;

namespace Opsmeter.Web.Reports;

/// <summary>Where production's spend is heading by the end of the month.</summary>
/// <param name="Month">The running month of the workspace's zone.</param>
/// <param name="Forecast">The forecast; null where it is too early for one.</param>
/// <param name="Limit">The tightest budget over everything in that month; null without one, or where a filter leaves something out.</param>
public sealed record MonthForecast(TimeWindow Month, Forecast? Forecast, MonthLimit? Limit);

/// <summary>A budget in USD over the whole workspace and month.</summary>
/// <param name="BudgetId">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Amount">The limit in force.</param>
/// <param name="WarnAt">The share of it at which it warns.</param>
public sealed record MonthLimit(string BudgetId, string Name, Usd Amount, decimal WarnAt);
