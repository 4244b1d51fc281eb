using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Requests;

/// <summary>
/// The requests of one view that were read so far, newest first: grows at its end as someone scrolls, and at its start as
/// requests come in, while that is wanted. For one circuit, and so for one thread.
/// </summary>
public sealed class RequestFeed : IDisposable
{
    /// <summary>How many are read at a time.</summary>
    public const int PageSize = 100;

    private readonly SemaphoreSlim _older = new(1);
    private readonly List<RequestItem> _items = [];
    private readonly RequestList _requests;
    private readonly RecentReads _recent;
    private readonly int _workspaceId;
    private readonly string _key;
    private RequestFilter? _filter;
    private RequestCursor? _next;
    private bool _isRead;

    /// <summary>Begins with what was read of it in the last seconds, if anything.</summary>
    /// <param name="requests">Reads them.</param>
    /// <param name="recent">What was read lately.</param>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="view">The query of the page's address: what tells one list from another.</param>
    public RequestFeed(RequestList requests, RecentReads recent, int workspaceId, string view)
    {
        (_requests, _recent, _workspaceId, _key) = (requests, recent, workspaceId, $"{nameof(RequestFeed)} {view}");
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

    /// <inheritdoc />
    public void Dispose() => _older.Dispose();

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
            var latest = _items.Count == 0 ? 0 : _items.Max(item => item.Seq);
            (_filter, Waiting) = (filter, page.Items.Count(item => item.Seq > latest));
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

    /// <summary>Reads on until there are so many, or no more.</summary>
    public async Task ReachAsync(int count, CancellationToken cancellation)
    {
        await _older.WaitAsync(cancellation);
        try
        {
            while (_items.Count < count && _next is { } after && _filter is { } filter)
            {
                var page = await _requests.ReadAsync(_workspaceId, filter, after, PageSize, cancellation);

                // Where the list began anew meanwhile, this page may leave a gap: read on from its new end.
                if (_next == after)
                {
                    _items.AddRange(page.Items);
                    _next = page.Next;
                }
            }
        }
        finally
        {
            _older.Release();
        }
    }

    private void Begin(Reports.RequestPage page)
    {
        _items.Clear();
        _items.AddRange(page.Items);
        (_next, _isRead) = (page.Next, true);
    }
}
