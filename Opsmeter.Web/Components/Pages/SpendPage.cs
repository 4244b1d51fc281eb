using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Live;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages;

/// <summary>
/// A page that shows a view: reads it again when its address changes and, a second apart, when requests come in. What was
/// read for another view is forgotten before it could be shown under the new one.
/// </summary>
public abstract class SpendPage : ComponentBase, IDisposable
{
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _closing = new();
    private readonly List<IDisposable> _watches = [];
    private readonly ReadingPace _pace = new();
    private CancellationTokenSource _turn = new();
    private Task _reading = Task.CompletedTask;
    private string? _shown;
    private string? _path;

    /// <summary>What the page looks at.</summary>
    protected SpendView View { get; private set; } = SpendView.Usual;

    /// <summary>The view as of the last reading; null before the first.</summary>
    protected SpendPeriod? Period { get; private set; }

    /// <summary>Why the figures may be old, or null.</summary>
    protected string? Error { get; private set; }

    /// <summary>Done when the page is left.</summary>
    protected CancellationToken Closing => _closing.Token;

    [Inject]
    protected NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private LiveFeed Live { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private SpendPeriods Periods { get; set; } = default!;

    [CascadingParameter]
    protected Visitor Visitor { get; set; } = default!;

    [CascadingParameter]
    protected TimeZoneInfo? Zone { get; set; }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops reading and watching.</summary>
    protected virtual void Dispose(bool disposing)
    {
        Navigation.LocationChanged -= OnLocationChanged;
        _watches.ForEach(watch => watch.Dispose());
        _closing.Cancel();
        _turn.Dispose();
        _closing.Dispose();
    }

    /// <summary>
    /// What the address says besides the view, or null. Not by <c>[SupplyParameterFromQuery]</c>: that may still have the
    /// value of the address before.
    /// </summary>
    protected string? Asked(string name) =>
        QueryHelpers.ParseQuery(Navigation.ToAbsoluteUri(_shown ?? Navigation.Uri).Query).TryGetValue(name, out var values)
            ? values[0]
            : null;

    /// <summary>Forgets what was read: the view is another one. May take what was read for it a moment ago.</summary>
    protected abstract void Clear();

    /// <summary>
    /// Reads what the page shows. Keep nothing once <paramref name="cancellation"/> is cancelled: check it after each
    /// awaiting, before a field is set.
    /// </summary>
    protected abstract Task ReadAsync(SpendPeriod period, CancellationToken cancellation);

    /// <summary>Watches what comes in besides: called once, in the browser.</summary>
    protected void Watch(Func<LiveUpdate, Task> onUpdate) => _watches.Add(Live.Subscribe(Visitor.WorkspaceId, onUpdate));

    /// <summary>Goes to the same page with another view, keeping what else its address says.</summary>
    protected void Go(SpendView view, params ReadOnlySpan<(string Name, string? Value)> more) =>
        Navigation.NavigateTo(Navigation.ToAbsoluteUri(Navigation.Uri).GetLeftPart(UriPartial.Path) + view.ToQuery(more));

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        _path = PathOf(Navigation.Uri);
        Navigation.LocationChanged += OnLocationChanged;
    }

    /// <inheritdoc />
    protected override Task OnParametersSetAsync() => FollowAddressAsync();

    /// <inheritdoc />
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _watches.Add(Live.Subscribe(Visitor.WorkspaceId, _ => FollowLiveAsync(), ReadEvery));
        }
    }

    /// <summary>Runs a reading; a failure is said on the page, which keeps what it shows.</summary>
    protected async Task GuardAsync(Func<Task> read)
    {
        try
        {
            await read();
            Error = null;
            StateHasChanged();
        }
        catch (Exception closed) when (closed is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left, or shows something else by now.
        }
        catch (System.Data.Common.DbException)
        {
            Error = "The latest figures could not be read. They are tried again with the next request; what is shown may be old.";
            StateHasChanged();
        }
    }

    private static string PathOf(string address) => address.Split('?', '#')[0];

    private void OnLocationChanged(object? sender, LocationChangedEventArgs change)
    {
        if (PathOf(change.Location) == _path)
        {
            _ = InvokeAsync(FollowAddressAsync);
        }
    }

    private Task FollowAddressAsync()
    {
        if (_shown == Navigation.Uri || _closing.IsCancellationRequested)
        {
            return Task.CompletedTask;
        }

        _shown = Navigation.Uri;
        View = SpendView.Parse(_shown);
        _turn.Cancel();
        _turn.Dispose();
        _turn = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        _reading = Task.CompletedTask;
        _pace.Forget();
        Period = Periods.Of(Visitor.WorkspaceId, View);
        Clear();
        StateHasChanged();
        return ReadAgainAsync();
    }

    /// <summary>Reads once more, as when requests come in: after the reading under way, which would else be shown over the newer one.</summary>
    protected Task ReadAgainAsync() => _reading = ReadAfterAsync(_reading, _turn.Token);

    private async Task ReadAfterAsync(Task before, CancellationToken turn)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        if (turn.IsCancellationRequested)
        {
            return;
        }

        var period = Periods.Of(Visitor.WorkspaceId, View);
        Period = period;
        await GuardAsync(() => ReadAsync(period, turn));
    }

    private async Task FollowLiveAsync()
    {
        var started = Time.GetTimestamp();
        await InvokeAsync(ReadAgainAsync);
        var rest = _pace.Next(Time.GetElapsedTime(started)) - ReadEvery;
        if (rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, Time, _closing.Token);
        }
    }
}
