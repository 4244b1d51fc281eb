using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Requests;

/// <summary>
/// Every request of the view, newest first. New ones appear by themselves while the list stands at its top and is not
/// paused; otherwise it says how many there are, and nothing moves under the eyes of who reads.
/// </summary>
public sealed partial class RequestsPage(RequestList requests, SpendReports reports, RecentReads recent)
{
    private const string All = "all";
    private RequestFeed _feed = default!;
    private RequestTable? _table;
    private long? _total;
    private int _conflicts;
    private bool _isAtTop = true;
    private bool _isPaused;
    private bool _isCatchingUp;

    private static IReadOnlyList<Choice<string>> Kinds { get; } =
    [
        new(All, "All"), new(RequestFilters.Errors, "Errors"), new(RequestFilters.Unpriced, "Unpriced"), new(RequestFilters.Conflicts, "Conflicting ids"),
    ];

    private string? Only => Asked("only") is { } only && RequestFilters.IsKind(only) ? only : null;

    private string? Id => Asked("id") is { Length: > 0 } id ? id : null;

    private bool HasFilter => View != SpendView.Usual || Only is not null || Id is not null;

    // They are counted in all traffic of all time.
    private static SpendView ConflictsView { get; } = SpendView.Usual with { From = "now-90d", Environment = null, DataMode = null };

    private string TotalText => _total is { } total ? $"Newest first; {Count.Format(total)} counted in the range" : "Newest first";

    // Only where the range may hold some that are gone.
    private string? KeptText => requests.GoneUntil is { } gone && _feed.Items is not null && Period?.Range.Window.Start <= gone
        ? $"Requests are kept one by one for {(requests.KeptDays == 1 ? "a day" : $"{Count.Format(requests.KeptDays)} days")}. Older ones are in every sum, and no longer in this list."
        : null;

    private string WaitingText => _feed.Waiting >= RequestFeed.PageSize
        ? $"{RequestFeed.PageSize} or more new requests"
        : _feed.Waiting == 1 ? "1 new request" : $"{_feed.Waiting} new requests";

    /// <inheritdoc />
    protected override void Clear()
    {
        var filter = RequestFilters.Of(Period!, Only, Id);
        (_feed, _total, _isAtTop) = (new RequestFeed(requests, recent, Visitor.WorkspaceId, filter, View.ToQuery(("only", Only), ("id", Id))), null, true);
    }

    /// <inheritdoc />
    protected override async Task ReadAsync(SpendPeriod period, CancellationToken cancellation)
    {
        // In an empty list there is nothing that could move under someone's eyes.
        var feed = _feed;
        var isFollowing = _isCatchingUp || (_isAtTop && !_isPaused) || feed.Items is { Count: 0 };
        var hasMoved = await feed.RefreshAsync(RequestFilters.Of(period, Only, Id), isFollowing, cancellation);
        _isCatchingUp = false;
        StateHasChanged();
        if (hasMoved && _table is not null && ReferenceEquals(_table.Feed, feed))
        {
            await _table.RefreshAsync();
        }

        var conflicts = await requests.CountConflictsAsync(Visitor.WorkspaceId, cancellation);
        var total = Id is null && Only != RequestFilters.Conflicts
            ? CountedOf((await reports.ReadAsync(period.Query with { Measures = SpendMeasures.Cost }, cancellation)).Totals.Sums)
            : (long?)null;
        cancellation.ThrowIfCancellationRequested();
        (_conflicts, _total) = (conflicts, total);
    }

    private long CountedOf(SpendSums sums) => Only switch
    {
        RequestFilters.Errors => sums.Errors,
        RequestFilters.Unpriced => sums.Unpriced,
        _ => sums.Requests,
    };

    private Task FollowTopAsync(bool isAtTop)
    {
        _isAtTop = isAtTop;
        return isAtTop && !_isPaused && _feed.Waiting > 0 ? ReadAgainAsync() : Task.CompletedTask;
    }

    private async Task ShowNewestAsync()
    {
        // Once: a list that was paused stays so.
        _isCatchingUp = true;
        if (_table is not null)
        {
            await _table.ToTopAsync();
        }

        await ReadAgainAsync();
    }

    private Task TogglePause()
    {
        _isPaused = !_isPaused;
        return _isPaused ? Task.CompletedTask : ReadAgainAsync();
    }

    private void GoWith(SpendView view, string? only, string? id) =>
        Go(view, ("only", only), ("id", string.IsNullOrWhiteSpace(id) ? null : id.Trim()));
}
