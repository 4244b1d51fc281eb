using Microsoft.AspNetCore.Components;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Views;

namespace Opsmeter.Web.Components.Layout;

/// <summary>The views that the visitor keeps: opens, names, renames and deletes them, and brings back the last one that was deleted or replaced.</summary>
public sealed partial class ViewsMenu(SavedViews views, NavigationManager navigation)
{
    private const string Failed = "It could not be done just now. Try again.";
    private readonly string _nameId = ElementIds.Next("view-name");
    private readonly string _errorId = ElementIds.Next("view-error");
    private readonly string _renameErrorId = ElementIds.Next("view-error");
    private readonly Dictionary<long, ElementReference> _pencils = [];
    private ElementReference _newName;
    private ElementReference _nameField;
    private ElementReference _undo;
    private IReadOnlyList<SavedView>? _views;
    private SavedView? _gone;
    private bool _isReplaced;
    private Func<ValueTask>? _focus;
    private long? _renamed;
    private string _typedName = "";
    private string? _renameProblem;
    private string _name = "";
    private string? _problem;

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    private string Here => navigation.ToBaseRelativePath(navigation.Uri).Split('#')[0];

    private string HerePage => Here.Split('?')[0];

    /// <summary>The view of this page that has the name being written: saving takes its place.</summary>
    private SavedView? Namesake => _views?.FirstOrDefault(view => view.Page == HerePage && view.Name == _name.Trim());

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // What had the focus is gone: it goes to what took its place.
        if (_focus is { } focus)
        {
            _focus = null;
            await focus();
        }
    }

    private async Task ReadAsync() => _problem = await GuardAsync(async () =>
    {
        _views = await views.ListAsync(Visitor);
        return null;
    });

    private async Task SaveAsync()
    {
        var replaced = Namesake;
        _problem = await GuardAsync(() => views.SaveAsync(Visitor, _name, HerePage, Here[HerePage.Length..], isReplacing: replaced is not null));
        if (_problem is null)
        {
            (_name, _gone, _isReplaced) = ("", replaced is not null && replaced.Address != Here ? replaced : null, true);
            _focus = () => _nameField.FocusAsync();
            await ReadAsync();
        }
    }

    private void BeginRename(SavedView view)
    {
        (_renamed, _typedName, _renameProblem) = (view.Id, view.Name, null);
        _focus = () => _newName.FocusAsync();
    }

    private void EndRename(SavedView view)
    {
        _renamed = null;
        _focus = () => _pencils.TryGetValue(view.Id, out var pencil) ? pencil.FocusAsync() : ValueTask.CompletedTask;
    }

    private async Task RenameAsync(SavedView view)
    {
        _renameProblem = await GuardAsync(() => views.RenameAsync(Visitor, view.Id, _typedName));
        if (_renameProblem is null)
        {
            EndRename(view);
            await ReadAsync();
        }
    }

    private async Task DeleteAsync(SavedView view)
    {
        _problem = await GuardAsync(async () =>
        {
            await views.DeleteAsync(Visitor, view.Id);
            return null;
        });
        if (_problem is null)
        {
            (_gone, _isReplaced) = (view, false);
            _focus = () => _undo.FocusAsync();
            await ReadAsync();
        }
    }

    private async Task UndoAsync()
    {
        if (_gone is not { } view)
        {
            return;
        }

        _problem = await GuardAsync(() => views.SaveAsync(Visitor, view.Name, view.Page, view.Query, isReplacing: _isReplaced));
        if (_problem is null)
        {
            _gone = null;
            _focus = () => _nameField.FocusAsync();
            await ReadAsync();
        }
    }

    private static async Task<string?> GuardAsync(Func<Task<string?>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception error) when (SavedViews.IsFailure(error))
        {
            return Failed;
        }
    }

    private static string PageName(SavedView view) =>
        NavGroup.All.SelectMany(group => group.Pages).FirstOrDefault(page => page.Holds(view.Page))?.Text ?? view.Page;
}
