using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Hosting;

namespace Opsmeter.Web.Reports;

/// <summary>A spend report as a caller asks for it, and the one to compare it with.</summary>
internal sealed record SpendRequest(SpendQuery Query, SpendQuery? Previous)
{
    private const int MostBuckets = 10_000;
    private const string All = "all";

    /// <summary>Reads the query string; what is wrong with it goes to <paramref name="errors"/>.</summary>
    public static SpendRequest Read(
        IQueryCollection query, int workspaceId, WorkspaceSettings settings, DateTimeOffset now, FieldErrors errors)
    {
        var zone = query["timeZone"].ToString() is { Length: > 0 } asked ? asked : settings.TimeZone;
        if (!TimeZones.TryFind(zone, out _))
        {
            errors.Add("timeZone", "Must be an IANA time zone, such as Europe/Berlin.");
            zone = "UTC";
        }

        var from = Instant("from", "now-7d");
        var to = Instant("to", "now");
        if (errors.IsEmpty && from >= to)
        {
            errors.Add("from", "Must be before to.");
        }

        var groups = Groups(query["groupBy"].ToString(), errors);
        var spend = new SpendQuery
        {
            WorkspaceId = workspaceId,
            Range = errors.IsEmpty ? new TimeWindow(from, to) : new TimeWindow(now.AddHours(-1), now),
            GroupBy = groups.Count > 0 ? groups[0] : null,
            ThenBy = groups.Count > 1 ? groups[1] : null,
            Interval = IntervalOf(query["interval"].ToString(), errors),
            TimeZone = zone,
            WeekStartsOn = settings.WeekStartsOn,
            Environment = Scope("environment", DeploymentEnvironment.Prod),
            DataMode = Scope("dataMode", DataMode.Real),
            Only = Filters(query),
            WithLatency = true,
            MostValues = SpendReports.MostValues,
        };
        if (BucketsOf(spend) > MostBuckets)
        {
            errors.Add("interval", $"Gives more than {MostBuckets:N0} intervals; ask for longer ones or a shorter range.");
        }

        return new SpendRequest(spend, PreviousOf(spend, query["compare"].ToString(), errors));

        DateTimeOffset Instant(string name, string usual)
        {
            var text = query[name].ToString() is { Length: > 0 } given ? given : usual;
            if (TimeExpression.TryParse(text, now, zone, settings.WeekStartsOn, out var instant) is { } wrong)
            {
                errors.Add(name, wrong);
            }

            return instant;
        }

        T? One<T>(string name)
            where T : struct, Enum
        {
            var text = query[name].ToString();
            if (text.Length == 0)
            {
                return null;
            }

            if (!JsonFields.TryEnum<T>(text, out var value))
            {
                errors.Add(name, $"Must be {JsonFields.Choices<T>()}.");
            }

            return value;
        }

        T? Scope<T>(string name, T usual)
            where T : struct, Enum =>
            string.Equals(query[name].ToString(), All, StringComparison.OrdinalIgnoreCase) ? null : One<T>(name) ?? usual;
    }

    // Once with a comma or twice: both reach here with the comma.
    private static List<Dimension> Groups(string text, FieldErrors errors)
    {
        var groups = new List<Dimension>();
        foreach (var name in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!JsonFields.TryEnum<Dimension>(name, out var dimension))
            {
                errors.Add("groupBy", $"Must be {JsonFields.Choices<Dimension>()}, or two of them.");
                return [];
            }

            groups.Add(dimension);
        }

        if (groups.Count > 2 || groups.Distinct().Count() < groups.Count)
        {
            errors.Add("groupBy", "Takes one dimension, or two different ones.");
        }

        return groups;
    }

    private static WindowKind? IntervalOf(string text, FieldErrors errors)
    {
        WindowKind? kind = text.ToLowerInvariant() switch
        {
            "hour" => WindowKind.Hour,
            "day" => WindowKind.Day,
            "week" => WindowKind.Week,
            "month" => WindowKind.Month,
            _ => null,
        };
        if (kind is null && text.Length > 0)
        {
            errors.Add("interval", "Must be one of hour, day, week, month.");
        }

        return kind;
    }

    private static Dictionary<Dimension, IReadOnlyList<string>> Filters(IQueryCollection query)
    {
        var filters = new Dictionary<Dimension, IReadOnlyList<string>>();
        foreach (var dimension in Enum.GetValues<Dimension>())
        {
            string[] values = [.. query[dimension.ToString()].OfType<string>().Where(value => value.Length > 0)];
            if (values.Length > 0)
            {
                filters[dimension] = values;
            }
        }

        return filters;
    }

    /// <summary>As long a time, right before.</summary>
    public static TimeWindow Before(TimeWindow range) => new(range.Start - range.Length, range.Start);

    private static double BucketsOf(SpendQuery query) => query.Interval switch
    {
        WindowKind.Hour => query.Range.Length.TotalHours,
        null => 1,
        _ => query.Range.Length.TotalDays,
    };

    private static SpendQuery? PreviousOf(SpendQuery query, string compare, FieldErrors errors)
    {
        if (compare.Length == 0)
        {
            return null;
        }

        if (!compare.Equals("previous", StringComparison.OrdinalIgnoreCase))
        {
            errors.Add("compare", "Must be previous.");
        }

        return query with { Range = Before(query.Range), GroupBy = null, ThenBy = null, Interval = null };
    }
}
