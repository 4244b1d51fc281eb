using Microsoft.AspNetCore.Components;
using Opsmeter.Core.Budgets;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>What the policy check finds in the policy in force, each with its fix.</summary>
public sealed partial class PolicyCheck : IDisposable
{
    private readonly CancellationTokenSource _left = new();
    private LintReport? _report;
    private (string Id, BudgetDraft Draft, string Label)? _undo;
    private string? _problem;
    private int _checked = -1;
    private bool _failed;
    private bool _isBusy;

    /// <summary>The budgets of the list.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<BudgetLine> Lines { get; set; } = [];

    /// <summary>The members' e-mails.</summary>
    [Parameter]
    public IReadOnlyList<string> Members { get; set; } = [];

    /// <summary>Whether fixes are offered.</summary>
    [Parameter]
    public bool CanEdit { get; set; }

    /// <summary>Goes up whenever the policy has changed.</summary>
    [Parameter]
    public int Revision { get; set; }

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    [Inject]
    private PolicyLints Lints { get; set; } = default!;

    [Inject]
    private BudgetDesk Desk { get; set; } = default!;

    [Inject]
    private ILogger<PolicyCheck> Logger { get; set; } = default!;

    private string? Subtitle => _report is not { } report ? null : report.Findings.Count == 0
        ? $"against {Count.Format(report.Requests)} requests of {Days(report)}"
        : $"{Count.Format(report.Findings.Count)} to look at, from {Count.Format(report.Requests)} requests of {Days(report)}";

    /// <inheritdoc />
    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_checked != Revision)
        {
            _checked = Revision;
            await CheckAsync();
            StateHasChanged();
        }
    }

    private static string Days(LintReport report) => DraftWords.Span(report.Span.Length + TimeSpan.FromMinutes(1));

    private BudgetDraft? DraftOf(string? id) => Lines.FirstOrDefault(line => line.Id == id)?.Draft;

    private Task AgainAsync() => CheckAsync();

    private async Task CheckAsync()
    {
        try
        {
            _failed = false;
            _report = await Lints.CheckAsync(Visitor.WorkspaceId, _left.Token);
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
        catch (Exception error)
        {
            Log.PageFailed(Logger, "Budgets", "be checked", error);
            _failed = true;
        }
    }

    private async Task FixAsync(LintFinding finding, LintFix fix)
    {
        if (finding.BudgetId is not { } id || fix.Edit is not { } edit)
        {
            return;
        }

        _undo = await ChangeAsync(id, edit) is { } before ? (id, before, fix.Label) : _undo;
    }

    private async Task UndoAsync()
    {
        if (_undo is { } undo && await ChangeAsync(undo.Id, _ => { }, undo.Draft) is not null)
        {
            _undo = null;
        }
    }

    /// <summary>Changes a budget as it is now, or puts another draft in its place.</summary>
    /// <returns>What it said before; null where it could not be changed.</returns>
    private async Task<BudgetDraft?> ChangeAsync(string id, Action<BudgetDraft> edit, BudgetDraft? instead = null)
    {
        if (!CanEdit || _isBusy)
        {
            return null;
        }

        (_isBusy, _problem) = (true, null);
        try
        {
            if (await Desk.FindAsync(Visitor.WorkspaceId, id) is not { } found)
            {
                _problem = "The budget is no longer there.";
                return null;
            }

            var draft = instead ?? DraftSnapshot.Copy(found.Line.Draft);
            edit(draft);
            var outcome = await Desk.SaveAsync(Visitor.WorkspaceId, id, draft, found.Version, Visitor.ActorFor(Permission.EditPolicy));
            _problem = outcome.IsSaved ? null
                : outcome.Errors?.Values.SelectMany(messages => messages).FirstOrDefault() ?? "Someone else changed it just now. Look at it again.";
            return outcome.IsSaved ? found.Line.Draft : null;
        }
        catch (Exception error)
        {
            Log.PageFailed(Logger, "Budgets", "be changed", error);
            _problem = "The budget could not be changed. Try again in a moment.";
            return null;
        }
        finally
        {
            _isBusy = false;
        }
    }
}
