using Microsoft.AspNetCore.Components;
using MudBlazor;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Requests;

/// <summary>Everything kept under one id: what was sent, what it cost and by which prices, every revision.</summary>
public sealed partial class RequestPage(RequestList requests, Policy.RequestCorrections corrections, IDialogService dialogs, ISnackbar snackbar, NavigationManager navigation)
{
    private IReadOnlyList<RequestItem>? _revisions;

    /// <summary>The id, from the address: it may hold any character.</summary>
    [SupplyParameterFromQuery(Name = "id")]
    public string? Id { get; set; }

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    private SpendView View => SpendView.Parse(navigation.Uri);

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync() =>
        _revisions = await requests.FindAsync(Visitor.WorkspaceId, Id ?? "");

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

        var done = await corrections.VoidAsync(Visitor.WorkspaceId, item.ExternalRequestId, item.Revision, reason, Visitor.Actor);
        snackbar.Add(done ? $"{item.DisplayId} no longer counts." : "It had been taken back already.", done ? Severity.Success : Severity.Info);
        _revisions = await requests.FindAsync(Visitor.WorkspaceId, Id ?? "");
    }
}
