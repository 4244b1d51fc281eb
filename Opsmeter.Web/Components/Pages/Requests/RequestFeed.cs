using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Requests;

/// <summary>
/// The requests of one view that were read so far, newest first: grows at its end as someone scrolls, and at its start as
/// requests come in, while that is wanted. For one circuit, and so for one thread.
/// </summary>
public sealed class RequestFeed
{
    /// <summary>How many are read at a time.</summary>
    public const int PageSize = 100;

    private readonly List<RequestItem> _items = [];
    private readonly RequestList _requests;
    private readonly RecentReads _recent;
    private readonly int _workspaceId;
    private readonly string _key;
    private Task _older = Task.CompletedTask;
    private RequestFilter _filter;
    private RequestCursor? _next;
    private long _latestSeq;
    private bool _isRead;

    /// <summary>Begins with what was read of it in the last seconds, if anything.</summary>
    /// <param name="requests">Reads them.</param>
    /// <param name="recent">What was read lately.</param>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="filter">Which requests.</param>
    /// <param name="query">The query of the page's address: what tells one list from another.</param>
    public RequestFeed(RequestList requests, RecentReads recent, int workspaceId, RequestFilter filter, string query)
    {
        (_requests, _recent, _workspaceId, _filter, _key) = (requests, recent, workspaceId, filter, $"{nameof(RequestFeed)} {query}");
        if (recent.Recall<Reports.RequestPage>(workspaceId, _key) is { } page)
        {
            Begin(page);
        }
    }

    /// <summary>Those read so far, newest first; null before the first reading.</summary>
    public IReadOnlyList<RequestItem>? Items => _isRead ? _items : null;

    /// <summary>True when there are older ones that were not read yet.</summary>
    public bool HasMore => _next is not null;

    /// <summary>How many came in since, and are not among <see cref="Items"/>; at most <see cref="PageSize"/> are counted.</summary>
    public int Waiting { get; private set; }

    /// <summary>Reads the newest.</summary>
    /// <param name="filter">Which requests. Later readings may have another end of the range, and nothing else.</param>
    /// <param name="isFollowing">True to show what came in; false to count it.</param>
    /// <param name="cancellation">Stops reading; nothing is kept then.</param>
    /// <returns>True when <see cref="Items"/> changed.</returns>
    public async Task<bool> RefreshAsync(RequestFilter filter, bool isFollowing, CancellationToken cancellation)
    {
        var page = await _requests.ReadAsync(_workspaceId, filter, null, PageSize, cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (_isRead && !isFollowing)
        {
            (_filter, Waiting) = (filter, page.Items.Count(item => item.Seq > _latestSeq));
            return false;
        }

        // An item that was replaced or taken back has the same place and another standing.
        var isSame = _isRead && _items.Count >= page.Items.Count
            && page.Items.Zip(_items).All(pair => pair.First.Seq == pair.Second.Seq && pair.First.Standing == pair.Second.Standing);
        (_filter, Waiting) = (filter, 0);
        if (isSame)
        {
            return false;
        }

        Begin(_recent.Keep(_workspaceId, _key, page));
        return true;
    }

    /// <summary>Reads on until there are so many, or no more. One page at a time, for all who ask at once.</summary>
    /// <param name="count">How many are wanted.</param>
    /// <param name="cancellation">Stops waiting; a page that is being read is kept for whoever asks next.</param>
    public async Task ReachAsync(int count, CancellationToken cancellation)
    {
        while (_items.Count < count && _next is { } after)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_older.IsCompleted)
            {
                _older = ReadOlderAsync(after);
            }

            await _older.WaitAsync(cancellation);
        }
    }

    private async Task ReadOlderAsync(RequestCursor after)
    {
        var page = await _requests.ReadAsync(_workspaceId, _filter, after, PageSize);

        // Where the list began anew meanwhile, this page may leave a gap: its new end is read on from.
        if (_next == after)
        {
            _items.AddRange(page.Items);
            _next = page.Next;
        }
    }

    private void Begin(Reports.RequestPage page)
    {
        _items.Clear();
        _items.AddRange(page.Items);
        _latestSeq = page.Items.Select(item => item.Seq).DefaultIfEmpty().Max();
        (_next, _isRead) = (page.Next, true);
    }
}
