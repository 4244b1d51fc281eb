using Microsoft.AspNetCore.Components;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>Checks the draft while it is written, against the requests of the last days.</summary>
public sealed partial class DraftCheck : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(700);

    private CancellationTokenSource _turn = new();
    private LintReport? _report;
    private string? _asked;

    /// <summary>What is being written.</summary>
    [Parameter, EditorRequired]
    public BudgetDraft Draft { get; set; } = default!;

    /// <summary>The budget; null for a new one.</summary>
    [Parameter]
    public string? Id { get; set; }

    /// <summary>The members' e-mails.</summary>
    [Parameter]
    public IReadOnlyList<string> Members { get; set; } = [];

    /// <summary>Whether the draft can be changed.</summary>
    [Parameter]
    public bool CanEdit { get; set; }

    /// <summary>Called when a fix has changed the draft.</summary>
    [Parameter]
    public EventCallback Fixed { get; set; }

    /// <summary>Called with how many things were found in the draft as it is.</summary>
    [Parameter]
    public EventCallback<int> Found { get; set; }

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    [Inject]
    private PolicyLints Lints { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private ILogger<DraftCheck> Logger { get; set; } = default!;

    /// <inheritdoc />
    public void Dispose()
    {
        _turn.Cancel();
        _turn.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        var asked = DraftSnapshot.Of(Draft);
        if (asked == _asked)
        {
            return;
        }

        _asked = asked;
        await _turn.CancelAsync();
        _turn.Dispose();
        _turn = new CancellationTokenSource();
        var turn = _turn.Token;
        try
        {
            await Task.Delay(firstRender ? TimeSpan.Zero : Pause, Time, turn);
            _report = await Lints.CheckAsync(Visitor.WorkspaceId, Id, DraftSnapshot.ToSend(Draft), turn);
            StateHasChanged();
            await Found.InvokeAsync(_report?.Findings.Count ?? 0);
        }
        catch (OperationCanceledException)
        {
            // The draft has changed again, or the page was left.
        }
        catch (Exception error)
        {
            // It is advice: the form goes on without it.
            Log.PageFailed(Logger, "Budget", "be checked", error);
            _report = null;
        }
    }

    private async Task FixAsync(LintFix fix)
    {
        if (CanEdit && fix.Edit is { } edit)
        {
            edit(Draft);
            await Fixed.InvokeAsync();
        }
    }
}
