using System.Data.Common;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Requests;

/// <summary>Everything kept under one id: what was sent, what it cost and by which prices, every revision.</summary>
public sealed partial class RequestPage(RequestList requests, RequestCorrections corrections, IDialogService dialogs, ISnackbar snackbar, NavigationManager navigation)
{
    private IReadOnlyList<RequestItem>? _revisions;
    private string? _shown;
    private string? _error;

    /// <summary>The id, from the address: it may hold any character.</summary>
    [SupplyParameterFromQuery(Name = "id")]
    public string? Id { get; set; }

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    private SpendView View => SpendView.Parse(navigation.Uri);

    /// <inheritdoc />
    protected override Task OnParametersSetAsync()
    {
        if (_shown != Id)
        {
            (_shown, _revisions) = (Id, null);
        }

        return ReadAsync();
    }

    private async Task ReadAsync()
    {
        try
        {
            var id = Id;
            var found = await requests.FindAsync(Visitor.WorkspaceId, id ?? "");
            if (id == Id)
            {
                (_revisions, _error) = (found, null);
            }
        }
        catch (DbException)
        {
            _error = "The request could not be read just now.";
        }
    }

    private async Task VoidAsync(RequestItem item)
    {
        if (!Visitor.Can(Permission.EditPolicy))
        {
            return;
        }

        var reason = await VoidDialog.AskAsync(dialogs, item);
        if (reason is null)
        {
            return;
        }

        try
        {
            var done = await corrections.VoidAsync(Visitor.WorkspaceId, item.ExternalRequestId, item.Revision, reason, Visitor.ActorFor(Permission.EditPolicy));
            snackbar.Add(done ? $"{item.DisplayId} no longer counts." : "It had been taken back already.", done ? Severity.Success : Severity.Info);
        }
        catch (Exception failed) when (StoreFailure.Is(failed))
        {
            snackbar.Add(StoreFailure.Text, Severity.Error);
        }

        await ReadAsync();
    }
}
