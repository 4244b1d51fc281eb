using System.Collections.Concurrent;
using System.Diagnostics;
using Opsmeter.Web.Reports;

namespace Opsmeter.Bench;

/// <summary>Collects the queries that are traced while it lives, with the milliseconds that each took.</summary>
internal sealed class QueryWatch : IDisposable
{
    private readonly ConcurrentQueue<(string Query, double Milliseconds)> _finished = new();
    private readonly ActivityListener _listener;

    public QueryWatch()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ReportQueries.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => _finished.Enqueue((NameOf(activity), activity.Duration.TotalMilliseconds)),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The queries that have ended.</summary>
    public IReadOnlyCollection<(string Query, double Milliseconds)> Finished => _finished;

    public void Dispose() => _listener.Dispose();

    private static string NameOf(Activity activity)
    {
        var name = activity.OperationName;
        if (activity.GetTagItem("opsmeter.group_by") is string { Length: > 0 } dimensions)
        {
            name += $" by {dimensions}";
        }

        if (activity.GetTagItem("opsmeter.only") is string { Length: > 0 } only)
        {
            name += $" of {only}";
        }

        return name + (activity.GetTagItem("opsmeter.with_columns") is true ? ", columns" : "") + (activity.GetTagItem("opsmeter.with_latency") is true ? ", latency" : "");
    }
}
