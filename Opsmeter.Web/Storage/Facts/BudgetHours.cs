using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Storage.Facts;

/// <summary>Reads what a budget's conditions matched by the hour, from the columns and facts of an open transaction.</summary>
internal static class BudgetHours
{
    /// <summary>Adds up the hours.</summary>
    /// <param name="store">The columns.</param>
    /// <param name="board">The facts on disk.</param>
    /// <param name="pending">Facts that are not on the board yet.</param>
    /// <param name="textOf">The text of a dimension's value.</param>
    /// <param name="tenants">Where the tenant is read.</param>
    /// <param name="budget">The budget.</param>
    /// <param name="measure">What to add up.</param>
    /// <param name="hours">The span; whole UTC hours.</param>
    public static IReadOnlyList<long> Read(
        FactStore store, FactBoard board, IReadOnlyList<Fact> pending, Func<int, string> textOf, TenantSource tenants,
        Budget budget, Measure measure, TimeWindow hours)
    {
        var sums = new long[(int)((hours.End - hours.Start).Ticks / TimeSpan.TicksPerHour)];
        var conditions = budget.Conditions.Select(condition => new ConditionIds(condition, tenants, textOf)).ToArray();
        FactColumn[] measures = measure switch
        {
            Measure.Usd => [FactColumn.Cost],
            Measure.Requests => [FactColumn.Requests],
            Measure.Tokens => [FactColumn.Input, FactColumn.Output],
        };
        store.Scan(
            board,
            new FactScan
            {
                FromTicks = hours.Start.UtcTicks,
                ToTicks = hours.End.UtcTicks,
                Rows = conditions.Any(condition => condition.Column is FactColumn.User or FactColumn.Tenant),
                Dimensions = [.. conditions.Select(condition => condition.Column).Append(FactColumn.Scope).Distinct()],
                Measures = measures,
                WithTime = true,
            },
            batch => Add(batch, budget, conditions, measures, hours.Start.UtcTicks, sums));
        foreach (var fact in pending)
        {
            var hour = HourOf(fact.OccurredTicks, hours.Start.UtcTicks);
            if (hour >= 0 && hour < sums.Length && Counts(budget, fact.Scope) && conditions.All(condition => condition.Matches(fact.Code(condition.Column))))
            {
                sums[hour] += measures.Sum(fact.Measure);
            }
        }

        return sums;
    }

    private static void Add(FactBatch batch, Budget budget, ConditionIds[] conditions, FactColumn[] measures, long start, long[] sums)
    {
        var scopes = batch.Values(FactColumn.Scope).Select(scope => Counts(budget, scope)).ToArray();
        var matches = conditions.Select(condition => batch.Values(condition.Column).Select(condition.Matches).ToArray()).ToArray();
        var times = batch.Measure(FactColumn.Time);
        for (var i = 0; i < batch.Count; i++)
        {
            var hour = HourOf(times[i], start);
            if (hour < 0 || hour >= sums.Length || !scopes[batch.Codes(FactColumn.Scope)[i]])
            {
                continue;
            }

            var isMatch = true;
            for (var c = 0; c < conditions.Length && isMatch; c++)
            {
                isMatch = matches[c][batch.Codes(conditions[c].Column)[i]];
            }

            foreach (var measure in isMatch ? measures : [])
            {
                sums[hour] += batch.Measure(measure)[i];
            }
        }
    }

    private static int HourOf(long ticks, long start) => ticks < start ? -1 : (int)Math.Min(int.MaxValue, (ticks - start) / TimeSpan.TicksPerHour);

    private static bool Counts(Budget budget, int scope) =>
        budget.Environments.Contains(Fact.EnvironmentOf(scope)) && budget.DataModes.Contains(Fact.ModeOf(scope));
}
