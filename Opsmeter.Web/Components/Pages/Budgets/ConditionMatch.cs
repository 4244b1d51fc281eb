using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>What a condition alone meets in past traffic.</summary>
/// <param name="Requests">Requests that it meets.</param>
/// <param name="Of">All requests.</param>
/// <param name="Days">How many days back they go.</param>
/// <param name="Idle">The values of it that met nothing.</param>
/// <param name="Instead">What the first of those may have been meant to be, or null.</param>
internal sealed record ConditionMatch(long Requests, long Of, int Days, IReadOnlyList<string> Idle, string? Instead)
{
    private const int MostTried = 2_000;

    /// <summary>Looks; null where the condition is not complete.</summary>
    public static ConditionMatch? Find(ConditionDraft condition, DimensionUse use)
    {
        if (condition.Dimension != use.Dimension || condition.Values.Count == 0)
        {
            return null;
        }

        var whole = new Condition(use.Dimension, condition.Values);
        var comparison = Condition.ComparisonFor(use.Dimension);
        var idle = condition.Values.Where(value => !use.Values.Any(known => new Pattern(value).Matches(known.Value, comparison))).ToArray();
        return new ConditionMatch(
            use.Values.Where(known => whole.Matches(known.Value)).Sum(known => known.Requests), use.Requests, use.Days, idle,
            idle.Length == 0 ? null : Nearest(idle[0], use));
    }

    /// <summary>The value or prefix of past traffic that is written most like a text; null where none is like it.</summary>
    private static string? Nearest(string text, DimensionUse use)
    {
        var stem = text.TrimEnd('*');
        var most = Math.Max(1, stem.Length / 3);
        return use.Values.Take(MostTried).SelectMany((value, rank) => Forms(value.Value).Select(form => (Form: form, Rank: rank)))
            .DistinctBy(candidate => candidate.Form)
            .Select(candidate => (candidate.Form, candidate.Rank, Distance: Distance(stem, candidate.Form.TrimEnd('*', '.'))))
            .Where(candidate => candidate.Distance <= most && candidate.Form != text)
            .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Form.EndsWith('*') != text.EndsWith('*')).ThenBy(candidate => candidate.Rank)
            .Select(candidate => candidate.Form).FirstOrDefault();
    }

    private static IEnumerable<string> Forms(string value)
    {
        yield return value;
        for (var at = value.IndexOf('.', StringComparison.Ordinal); at > 0; at = value.IndexOf('.', at + 1))
        {
            yield return value[..(at + 1)] + "*";
        }
    }

    // How many letters to change, add or take away, upper and lower case alike.
    private static int Distance(string a, string b)
    {
        a = a.TrimEnd('.');
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var (corner, first) = (row[0], i);
            row[0] = first;
            for (var j = 1; j <= b.Length; j++)
            {
                var changed = corner + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                corner = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
