using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using MudBlazor;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Settings;

/// <summary>The workspace's settings: how time is cut, what an endpoint and a tenant are, and the switch that stops every cap.</summary>
public sealed partial class WorkspacePage(WorkspacePolicies policies, IDialogService dialogs, ISnackbar snackbar, ILogger<WorkspacePage> logger)
{
    private static readonly Choice<DayOfWeek?>[] Days =
        [.. Enumerable.Range(1, 7).Select(day => (DayOfWeek)(day % 7)).Select(day => new Choice<DayOfWeek?>(day, day.ToString()))];

    private static readonly Choice<int?>[] Tiers = [new(1, "Tier 1"), new(2, "Tier 2"), new(3, "Tier 3")];

    private static readonly Choice<TenantSource?>[] Sources = [new(TenantSource.TenantId, "Its tenantId"), new(TenantSource.UserId, "Its userId")];

    private readonly FormErrors _errors = new();
    private SettingsDraft? _draft;
    private string _baseline = "";
    private int _version;
    private bool _wasObserving;
    private bool _changedTo;
    private bool _isSaving;
    private string? _problem;

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    private bool CanEdit => Visitor.Can(Permission.ManageSettings);

    private bool IsDirty => CanEdit && _draft is not null && (_errors.HasUnreadable || JsonSerializer.Serialize(_draft) != _baseline);

    private string Effect => !IsDirty ? "No changes."
        : _draft!.Observe == true && !_wasObserving ? "In force at once: nobody is degraded or blocked any more."
        : _draft.Observe != true && _wasObserving ? "In force at once: callers are degraded and blocked as budgets and containments say."
        : "In force at once.";

    /// <inheritdoc />
    protected override Task OnInitializedAsync() => LoadAsync();

    private static string TierText(int? tier) => tier switch
    {
        1 => "Revenue-critical. Warned early, never blocked by default.",
        2 => "Helpful. Degrades by itself at warning.",
        _ => "Experimental or open to abuse. Blocked at the limit.",
    };

    private async Task LoadAsync()
    {
        try
        {
            var settings = await policies.ReadAsync(Visitor.WorkspaceId);
            (_draft, _version, _wasObserving) = (SettingsDraft.Of(settings.Document), settings.Version, settings.Document.Observe);
            _baseline = JsonSerializer.Serialize(_draft);
            (_changedTo, _problem) = (false, null);
            _errors.Clear();
        }
        catch (Exception error)
        {
            Log.PageFailed(logger, "Workspace", "be read", error);
            _problem = "The settings could not be read.";
        }
    }

    private void Set(Action change)
    {
        if (CanEdit)
        {
            change();
        }
    }

    private async Task SaveAsync()
    {
        if (!CanEdit || _draft is null || _isSaving || _errors.HasUnreadable)
        {
            return;
        }

        _isSaving = true;
        try
        {
            switch (await policies.ReplaceAsync(Visitor.WorkspaceId, _draft, _version, Visitor.ActorFor(Permission.ManageSettings)))
            {
                case PolicyResult<Documents.SettingsDocument>.Saved:
                    snackbar.Add("The settings are in force.", Severity.Success);
                    await LoadAsync();
                    break;
                case PolicyResult<Documents.SettingsDocument>.Invalid invalid:
                    _errors.Answer(invalid.Errors);
                    break;
                default:
                    _changedTo = true;
                    break;
            }
        }
        catch (Exception error)
        {
            Log.PageFailed(logger, "Workspace", "be saved", error);
            _problem = "The settings could not be saved. What you wrote is still here: try again in a moment.";
        }

        _isSaving = false;
    }

    private async Task GuardAsync(LocationChangingContext leaving)
    {
        if (IsDirty && !await ConfirmDialog.AskAsync(dialogs, "Leave without saving?", "Leave", "What you changed here is not saved."))
        {
            leaving.PreventNavigation();
        }
    }
}
