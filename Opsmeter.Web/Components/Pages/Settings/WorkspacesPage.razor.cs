using Microsoft.AspNetCore.Components;
using MudBlazor;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Components.Pages.Settings;

/// <summary>The workspaces that somebody may enter; admins make further ones.</summary>
public sealed partial class WorkspacesPage(Workspaces workspaces, MemberRoll roll, NavigationManager navigation, ISnackbar snackbar)
{
    private readonly FormErrors _errors = new();
    private bool _isMaking;
    private string? _name;
    private string? _zone = "UTC";
    private string? _rename;

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    /// <inheritdoc />
    protected override void OnInitialized() => _rename = roll.NameOf(Visitor.WorkspaceId);

    private async Task MakeAsync()
    {
        var wrong = await workspaces.CreateAsync(Visitor, _name, _zone);
        _errors.Answer(wrong);
        if (wrong.Count == 0)
        {
            navigation.NavigateTo("/quickstart", forceLoad: true);
        }
    }

    private async Task RenameAsync()
    {
        var wrong = await workspaces.RenameAsync(Visitor, _rename);
        _errors.Answer(wrong.ToDictionary(entry => entry.Key == "name" ? "rename" : entry.Key, entry => entry.Value));
        if (wrong.Count == 0)
        {
            snackbar.Add("Renamed.", Severity.Success);
        }
    }
}
