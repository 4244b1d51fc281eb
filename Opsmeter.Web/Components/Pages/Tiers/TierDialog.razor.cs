using Microsoft.AspNetCore.Components;
using MudBlazor;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Tiers;

/// <summary>Makes or changes one entry.</summary>
public sealed partial class TierDialog
{
    private const int MostNamed = 4;

    private readonly FormErrors _errors = new();
    private TierDraft _draft = new();
    private bool _changed;
    private bool _problem;
    private bool _isSaving;

    /// <summary>The entry, or null for a new one.</summary>
    [Parameter]
    public SavedTier? Saved { get; set; }

    /// <summary>Who changes it.</summary>
    [Parameter, EditorRequired]
    public Visitor Visitor { get; set; } = default!;

    /// <summary>Who can own it.</summary>
    [Parameter]
    public IReadOnlyList<string> Owners { get; set; } = [];

    /// <summary>The endpoints seen lately.</summary>
    [Parameter]
    public IReadOnlyList<string> Endpoints { get; set; } = [];

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    [Inject]
    private TierDesk Desk { get; set; } = default!;

    [Inject]
    private ILogger<TierDialog> Logger { get; set; } = default!;

    private IReadOnlyList<Choice<string>> Members =>
        [new("", "Nobody"), .. Owners.Select(owner => new Choice<string>(owner, owner))];

    private IEnumerable<(string Label, bool? Value, Action<string?> Set)> Questions
    {
        get
        {
            var reason = _draft.Reason ??= new TierReasonDraft();
            yield return ("Does it earn money?", reason.EarnsMoney, answer => reason.EarnsMoney = Answer(answer));
            yield return ("Can anyone call it?", reason.IsPublic, answer => reason.IsPublic = Answer(answer));
            yield return ("Is a request expensive?", reason.IsExpensive, answer => reason.IsExpensive = Answer(answer));
            yield return ("Is it easy to abuse?", reason.IsEasyToAbuse, answer => reason.IsEasyToAbuse = Answer(answer));
        }
    }

    private static bool? Answer(string? text) => text switch { "yes" => true, "no" => false, _ => null };

    private string Matches
    {
        get
        {
            if (_draft.Pattern is not { Length: > 0 } text)
            {
                return "One endpoint, or the start of many followed by *.";
            }

            var pattern = new Pattern(text);
            var matched = Endpoints.Where(endpoint => pattern.Matches(endpoint)).ToList();
            var names = string.Join(", ", matched.Take(MostNamed)) + (matched.Count > MostNamed ? ", …" : "");
            return matched.Count == 0 ? "Matches no endpoint seen in 30 days." : $"Matches {matched.Count} of {Endpoints.Count} endpoints: {names}";
        }
    }

    /// <inheritdoc />
    protected override void OnInitialized() => _draft = Saved is null ? new TierDraft() : Copy(Saved.Draft);

    private async Task SaveAsync()
    {
        if (!Visitor.Can(Permission.EditPolicy) || _isSaving || _errors.HasUnreadable)
        {
            return;
        }

        _isSaving = true;
        try
        {
            var outcome = await Desk.SaveAsync(Visitor.WorkspaceId, Saved, _draft, Visitor.ActorFor(Permission.EditPolicy));
            _problem = false;
            _changed = outcome.IsMissing || outcome.ChangedSince is not null;
            _errors.Answer(outcome.Errors ?? new Dictionary<string, string[]>());
            if (outcome.IsSaved)
            {
                Dialog.Close(DialogResult.Ok(true));
            }
        }
        catch (Exception error)
        {
            Log.PageFailed(Logger, "Tiers", "save an entry", error);
            _problem = true;
        }

        _isSaving = false;
    }

    private static TierDraft Copy(TierDraft draft) =>
        System.Text.Json.JsonSerializer.Deserialize<TierDraft>(System.Text.Json.JsonSerializer.Serialize(draft))!;
}
