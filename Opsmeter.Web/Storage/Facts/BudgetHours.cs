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
        var conditions = ConditionsOf(budget, tenants, textOf);
        var measures = MeasuresOf(measure);
        store.Scan(board, ScanOf(hours, conditions, null, measures), batch => Add(batch, budget, conditions, null, measures, hours.Start.UtcTicks, _ => sums));
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

    /// <summary>Adds up the hours of some keys of a budget that counts by one, each for itself.</summary>
    /// <param name="store">The columns.</param>
    /// <param name="board">The facts on disk.</param>
    /// <param name="textOf">The text of a dimension's value.</param>
    /// <param name="tenants">Where the tenant is read.</param>
    /// <param name="budget">The budget.</param>
    /// <param name="keys">The keys, as the budget has them.</param>
    /// <param name="measure">What to add up.</param>
    /// <param name="hours">The span; whole UTC hours.</param>
    public static IReadOnlyDictionary<string, long[]> ReadKeys(
        FactStore store, FactBoard board, Func<int, string> textOf, TenantSource tenants, Budget budget, IEnumerable<string> keys,
        Measure measure, TimeWindow hours)
    {
        var length = (int)((hours.End - hours.Start).Ticks / TimeSpan.TicksPerHour);
        var sums = keys.ToDictionary(key => key, _ => new long[length], StringComparer.Ordinal);
        var per = budget.Per ?? throw new ArgumentException("The budget counts together.", nameof(budget));
        var column = new ConditionIds(new Condition(per, []), tenants, textOf).Column;
        var ignoresCase = Condition.ComparisonFor(per) == StringComparison.OrdinalIgnoreCase;
        var known = new Dictionary<int, long[]?>();
        var conditions = ConditionsOf(budget, tenants, textOf);
        var measures = MeasuresOf(measure);
        store.Scan(board, ScanOf(hours, conditions, column, measures), batch => Add(batch, budget, conditions, column, measures, hours.Start.UtcTicks, SumsOf));
        return sums;

        long[]? SumsOf(int id)
        {
            if (!known.TryGetValue(id, out var found))
            {
                var text = id == 0 ? Budget.UnkeyedKey : ignoresCase ? textOf(id).ToLowerInvariant() : textOf(id);
                known[id] = found = sums.GetValueOrDefault(text);
            }

            return found;
        }
    }

    private static ConditionIds[] ConditionsOf(Budget budget, TenantSource tenants, Func<int, string> textOf) =>
        [.. budget.Conditions.Select(condition => new ConditionIds(condition, tenants, textOf))];

    private static FactColumn[] MeasuresOf(Measure measure) => measure switch
    {
        Measure.Usd => [FactColumn.Cost],
        Measure.Requests => [FactColumn.Requests],
        Measure.Tokens => [FactColumn.Input, FactColumn.Output],
    };

    private static FactScan ScanOf(TimeWindow hours, ConditionIds[] conditions, FactColumn? key, FactColumn[] measures)
    {
        FactColumn[] dimensions = [.. conditions.Select(condition => condition.Column).Concat(key is { } column ? [column] : []).Append(FactColumn.Scope).Distinct()];
        return new FactScan
        {
            FromTicks = hours.Start.UtcTicks,
            ToTicks = hours.End.UtcTicks,
            Rows = dimensions.Any(dimension => dimension is FactColumn.User or FactColumn.Tenant),
            Dimensions = dimensions,
            Measures = measures,
            WithTime = true,
        };
    }

    private static void Add(
        FactBatch batch, Budget budget, ConditionIds[] conditions, FactColumn? key, FactColumn[] measures, long start, Func<int, long[]?> sumsOf)
    {
        var scopes = batch.Values(FactColumn.Scope).Select(scope => Counts(budget, scope)).ToArray();
        var matches = conditions.Select(condition => batch.Values(condition.Column).Select(condition.Matches).ToArray()).ToArray();
        var sums = key is { } column ? [.. batch.Values(column).Select(sumsOf)] : new[] { sumsOf(0) };
        var times = batch.Measure(FactColumn.Time);
        for (var i = 0; i < batch.Count; i++)
        {
            var hour = HourOf(times[i], start);
            var into = sums[key is { } at ? batch.Codes(at)[i] : 0];
            if (into is null || hour < 0 || hour >= into.Length || !scopes[batch.Codes(FactColumn.Scope)[i]])
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
                into[hour] += batch.Measure(measure)[i];
            }
        }
    }

    private static int HourOf(long ticks, long start) => ticks < start ? -1 : (int)Math.Min(int.MaxValue, (ticks - start) / TimeSpan.TicksPerHour);

    private static bool Counts(Budget budget, int scope) =>
        budget.Environments.Contains(Fact.EnvironmentOf(scope)) && budget.DataModes.Contains(Fact.ModeOf(scope));
}
