using Opsmeter.Core;

namespace Opsmeter.Web.Reports;

/// <summary>Says when prompt versions were first seen. Every request is looked at for it, so at most twice a minute for a view.</summary>
public sealed class VersionSightings(SpendReports reports, SlowReads slow)
{
    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(30);

    // An endpoint that rested for longer begins anew.
    private static readonly TimeSpan Earlier = TimeSpan.FromDays(7);

    /// <summary>The versions with requests in a view's range or the week before it, by endpoint in order of appearance.</summary>
    public Task<IReadOnlyList<VersionLine>> ReadAsync(SpendPeriod period, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(period);
        var range = period.Range.Window with { Start = period.Range.Window.Start - Earlier };
        return slow.ReadAsync(
            period.WorkspaceId, $"{nameof(VersionSightings)} {SlowKey.Of(period)}", Keep,
            () => reports.ReadVersionsAsync(period.Query with { Range = range }), cancellation);
    }
}
