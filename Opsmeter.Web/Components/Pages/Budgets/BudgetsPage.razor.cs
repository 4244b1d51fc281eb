using Microsoft.AspNetCore.Components;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Live;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>Every budget and where it stands, worst first, moving as requests come in.</summary>
public sealed partial class BudgetsPage : IDisposable
{
    private IReadOnlyList<BudgetLine>? _lines;
    private IReadOnlyList<string> _owners = [];
    private IDisposable? _watch;
    private int _revision;
    private string _search = "";
    private bool _problem;

    /// <summary>Who looks at it.</summary>
    [CascadingParameter]
    public Visitor Visitor { get; set; } = default!;

    [Inject]
    private BudgetDesk Desk { get; set; } = default!;

    [Inject]
    private ILogger<BudgetsPage> Logger { get; set; } = default!;

    private bool CanEdit => Visitor.Can(Permission.EditPolicy);

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

    private async Task LoadAsync()
    {
        try
        {
            _owners = await Desk.OwnersAsync(Visitor.WorkspaceId);
            _lines = await Desk.ListAsync(Visitor.WorkspaceId);
            _revision++;
            _problem = false;
        }
        catch (Exception error)
        {
            Log.PageFailed(Logger, "Budgets", "be read", error);
            _problem = true;
        }
    }

    private async Task RefreshAsync(LiveUpdate update)
    {
        if (update.PolicyChanged || _lines is null)
        {
            await LoadAsync();
        }
        else if (update.Budgets.Count > 0)
        {
            _lines = Desk.Refresh(Visitor.WorkspaceId, _lines);
        }
        else
        {
            return;
        }

        StateHasChanged();
    }
}
