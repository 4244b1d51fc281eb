using System.Diagnostics;

namespace Opsmeter.Web.Reports;

/// <summary>Traces each query that a page or a report asks of the store.</summary>
public static class ReportQueries
{
    /// <summary>The name of its source.</summary>
    public const string SourceName = "Opsmeter.Reports";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Begins one; null where nobody listens.</summary>
    internal static Activity? Begin(string name, SpendQuery query)
    {
        var activity = Source.StartActivity(name);
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag("opsmeter.group_by", string.Join(',', new[] { query.GroupBy, query.ThenBy }.Where(dimension => dimension is not null)));
            activity.SetTag("opsmeter.only", string.Join(',', query.Only.Keys));
            activity.SetTag("opsmeter.with_columns", query.Columns is not null || query.Interval is not null);
            activity.SetTag("opsmeter.with_latency", query.WithLatency);
        }

        return activity;
    }

    /// <summary>Begins a list of requests; null where nobody listens.</summary>
    internal static Activity? BeginList() => Source.StartActivity("requests");
}
