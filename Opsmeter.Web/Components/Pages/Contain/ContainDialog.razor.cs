using Microsoft.AspNetCore.Components;
using MudBlazor;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Components.Pages.Budgets;
using Opsmeter.Web.Components.Pages.Spend;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Contain;

/// <summary>Sets what becomes of one value's calls for a while. As it opens it can be confirmed: blocked for an hour.</summary>
public sealed partial class ContainDialog
{
    private static readonly Choice<ContainmentAction?>[] Actions =
        [new(ContainmentAction.Block, "Blocked"), new(ContainmentAction.Degrade, "Degraded"), new(ContainmentAction.Exempt, "Exempt")];

    private static readonly Choice<int>[] Spans = [new(1, "1 h"), new(4, "4 h"), new(24, "1 day"), new(168, "7 days")];

    private readonly FormErrors _errors = new();
    private readonly ContainmentDraft _draft = new() { Action = ContainmentAction.Block, Reason = "Spends more than it should" };
    private int _hours = 1;
    private bool _problem;
    private bool _isSaving;

    /// <summary>Who does it.</summary>
    [Parameter, EditorRequired]
    public Visitor Visitor { get; set; } = default!;

    /// <summary>What it is about.</summary>
    [Parameter, EditorRequired]
    public Dimension Dimension { get; set; }

    /// <summary>Which one.</summary>
    [Parameter, EditorRequired]
    public string Value { get; set; } = "";

    /// <summary>The endpoint that is looked at, or null.</summary>
    [Parameter]
    public string? Endpoint { get; set; }

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    [Inject]
    private ContainmentPolicies Containments { get; set; } = default!;

    [Inject]
    private DimensionUses Uses { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private ILogger<ContainDialog> Logger { get; set; } = default!;

    private string Share { get; set; } = "It works at once, ends by itself, and is written to the audit log.";

    /// <summary>Opens it.</summary>
    internal static async Task OpenAsync(IDialogService dialogs, Visitor visitor, Dimension dimension, string value, string? endpoint)
    {
        var parameters = new DialogParameters<ContainDialog>
        {
            { dialog => dialog.Visitor, visitor }, { dialog => dialog.Dimension, dimension }, { dialog => dialog.Value, value },
            { dialog => dialog.Endpoint, dimension == Dimension.EndpointTag ? null : endpoint },
        };
        await (await dialogs.ShowAsync<ContainDialog>(null, parameters)).Result;
    }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        (_draft.Dimension, _draft.Value, _draft.WithinEndpoint) = (Dimension, Value, Endpoint);
        var use = await Uses.ReadAsync(Visitor.WorkspaceId, Dimension, DeploymentEnvironment.Prod, DataMode.Real);
        if (use.Values.FirstOrDefault(known => known.Value == Value) is { } own && use.Requests > 0)
        {
            Share = $"{SpendWords.Share((decimal)own.Requests / use.Requests)} of the requests of {use.Days} days are its. {Share}";
        }
    }

    private static string Sentence(ContainmentAction? action) => action switch
    {
        ContainmentAction.Degrade => "Told to degrade, as the endpoint's tier says.",
        ContainmentAction.Exempt => "Let through, whatever budgets say.",
        ContainmentAction.Block or null => "Refused, with the endpoint's message.",
    };

    private async Task SaveAsync()
    {
        if (!Visitor.Can(Permission.EditPolicy) || _isSaving)
        {
            return;
        }

        _isSaving = true;
        try
        {
            _draft.Until = Time.GetUtcNow().AddHours(_hours);
            switch (await Containments.CreateAsync(Visitor.WorkspaceId, _draft, Visitor.ActorFor(Permission.EditPolicy)))
            {
                case PolicyResult<ContainmentItem>.Saved:
                    Snackbar.Add($"{DraftWords.Name(Dimension)} {Value} is contained for {Spans.First(span => span.Value == _hours).Text}.", MudBlazor.Severity.Success);
                    Dialog.Close(DialogResult.Ok(true));
                    break;
                case PolicyResult<ContainmentItem>.Invalid invalid:
                    _errors.Answer(invalid.Errors);
                    break;
                case PolicyResult<ContainmentItem>.Taken taken:
                    _errors.Answer(new Dictionary<string, string[]> { [taken.Field] = [taken.Message] });
                    break;
                default:
                    _problem = true;
                    break;
            }
        }
        catch (Exception error)
        {
            Log.PageFailed(Logger, "Contain", "be set", error);
            _problem = true;
        }

        _isSaving = false;
    }
}
