using Microsoft.AspNetCore.Components;
using MudBlazor;
using Opsmeter.Core.Budgets;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Live;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Tiers;

/// <summary>Which tier every endpoint is in, and why; puts them where they belong.</summary>
public sealed partial class TiersPage : IDisposable
{
    private const string Unclassified = "none";

    // Rows stand on the page one by one; the rest is found by searching.
    private const int MostShown = 200;

    private static readonly Choice<string>[] Filters = [new("", "All"), new("1", "1"), new("2", "2"), new("3", "3"), new(Unclassified, "None")];

    private IReadOnlyList<EndpointSpendItem> _spend = [];
    private IReadOnlyList<EndpointTier>? _endpoints;
    private IReadOnlyList<SavedTier>? _entries;
    private IReadOnlyList<(string Endpoint, Tier Tier)> _classified = [];
    private IReadOnlyList<string> _owners = [];
    private IDisposable? _watch;
    private string _search = "";
    private string? _problem;
    private TierModesDraft? _modes;

    /// <summary>Who looks at it.</summary>
    [CascadingParameter]
    public Visitor Visitor { get; set; } = default!;

    /// <summary>The tier that is shown alone: 1, 2, 3, or <c>none</c> for endpoints without one.</summary>
    [SupplyParameterFromQuery(Name = "tier")]
    public string? Only { get; set; }

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private TierDesk Desk { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private ILogger<TiersPage> Logger { get; set; } = default!;

    private bool CanEdit => Visitor.Can(Permission.EditPolicy);

    private IEnumerable<EndpointTier> Matching => (_endpoints ?? []).Where(endpoint =>
        IsOf(endpoint, Only) && endpoint.Endpoint.Contains(_search.Trim(), StringComparison.OrdinalIgnoreCase));

    // What one can act upon is what one sees.
    private IReadOnlyList<EndpointTier> Shown => [.. Matching.Take(MostShown)];

    private static bool IsOf(EndpointTier endpoint, string? only) => only switch
    {
        "1" or "2" or "3" => endpoint.Tier == only[0] - '0',
        Unclassified => endpoint.Entry is null,
        _ => true,
    };

    private void Show(string only)
    {
        _selected.Clear();
        Navigation.NavigateTo(only.Length == 0 ? "tiers" : "tiers?tier=" + only);
    }

    /// <inheritdoc />
    public void Dispose() => _watch?.Dispose();

    /// <inheritdoc />
    protected override Task OnInitializedAsync() => LoadAsync();

    /// <inheritdoc />
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _watch = Desk.Watch(Visitor.WorkspaceId, update => InvokeAsync(() => RefreshAsync(update)));
        }
    }

    private Task LoadAsync() => TryAsync("be read", async () =>
    {
        _owners = await Desk.OwnersAsync(Visitor.WorkspaceId);
        _spend = await Desk.EndpointsAsync(Visitor.WorkspaceId);
        await ReadEntriesAsync();
    });

    private async Task ReadEntriesAsync()
    {
        _entries = await Desk.EntriesAsync(Visitor.WorkspaceId);
        _endpoints = EndpointTier.Join(_spend, _entries);
        _classified = [.. _endpoints.Where(endpoint => endpoint.Entry is not null).Select(endpoint => (endpoint.Endpoint, (Tier)endpoint.Tier))];
        _modes = await Desk.ModesAsync(Visitor.WorkspaceId);
    }

    private async Task RefreshAsync(LiveUpdate update)
    {
        if (update.PolicyChanged)
        {
            await TryAsync("be read", ReadEntriesAsync);
            StateHasChanged();
        }
    }

    private async Task EditAsync(SavedTier? entry)
    {
        if (!CanEdit)
        {
            return;
        }

        var parameters = new DialogParameters<TierDialog>
        {
            { dialog => dialog.Saved, entry },
            { dialog => dialog.Visitor, Visitor },
            { dialog => dialog.Owners, _owners },
            { dialog => dialog.Endpoints, _spend.Select(endpoint => endpoint.EndpointTag).ToList() },
        };
        var options = new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true };
        var shown = await Dialogs.ShowAsync<TierDialog>(entry is null ? "New entry" : entry.Pattern, parameters, options);
        if (await shown.Result is { Canceled: false })
        {
            await TryAsync("be read", ReadEntriesAsync);
        }
    }

    private async Task DeleteAsync(SavedTier entry)
    {
        if (!CanEdit)
        {
            return;
        }

        var others = (_entries ?? []).Where(other => other.Id != entry.Id).ToList();
        var losses = EndpointTier.Join(_spend, others).Zip(_endpoints ?? [])
            .Where(pair => pair.Second.Entry?.Id == entry.Id)
            .Select(pair => $"{pair.First.Endpoint} becomes {(pair.First.Entry is { } next ? $"Tier {pair.First.Tier}, by {next.Pattern}" : "unclassified")}")
            .ToList();
        if (await ConfirmDialog.AskAsync(Dialogs, $"Delete the entry \"{entry.Pattern}\"?", "Delete entry", "It takes effect at once.", losses))
        {
            await TryAsync("be deleted", async () =>
            {
                Tell(await Desk.DeleteAsync(Visitor.WorkspaceId, entry, Visitor.ActorFor(Permission.EditPolicy)), $"{entry.Pattern} was deleted.");
                await ReadEntriesAsync();
            });
        }
    }

    private void Tell(SaveOutcome outcome, string done)
    {
        if (outcome.IsSaved)
        {
            Snackbar.Add(done, Severity.Success);
            return;
        }

        var problem = outcome.Errors?.Values.SelectMany(messages => messages).FirstOrDefault();
        Snackbar.Add(problem ?? "Someone else changed it just now. Look at it again, then choose.", Severity.Warning);
    }

    private async Task TryAsync(string action, Func<Task> work)
    {
        try
        {
            _problem = null;
            await work();
        }
        catch (Exception error)
        {
            Log.PageFailed(Logger, "Tiers", action, error);
            _problem = $"The tiers could not {action}.";
        }
    }
}
