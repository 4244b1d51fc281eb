using Microsoft.AspNetCore.Components;
using MudBlazor;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Review;

/// <summary>The last completed week against the one before it, and what would serve better.</summary>
public sealed partial class ReviewPage(WeeklyReviews reviews, ReviewSuggestions advice, ISnackbar snackbar, ILogger<ReviewPage> logger) : IDisposable
{
    private const int MostEndpoints = 20;

    private readonly CancellationTokenSource _left = new();
    private readonly Dictionary<string, SuggestionReplay> _replays = new(StringComparer.Ordinal);
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);
    private WeeklyReview? _review;
    private IReadOnlyList<ReviewSuggestion>? _suggestions;
    private string? _problem;
    private bool _isBusy;
    private bool _isAccepting;

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    private bool CanEdit => Visitor.Can(Permission.EditPolicy);

    /// <inheritdoc />
    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        await TryAsync("be read", async () =>
        {
            _review = await reviews.ReadAsync(Visitor.WorkspaceId, _left.Token);
            StateHasChanged();
            _suggestions = await advice.FindAsync(Visitor.WorkspaceId, _left.Token);
            StateHasChanged();
        });
        await ReplayAsync();
    }

    /// <summary>Tries each suggestion, one after the other; nothing is offered before it was tried.</summary>
    private async Task ReplayAsync()
    {
        foreach (var suggestion in _suggestions ?? [])
        {
            if (_replays.ContainsKey(suggestion.Id) || _review?.Decisions.ContainsKey(suggestion.Id) == true)
            {
                continue;
            }

            try
            {
                _replays[suggestion.Id] = await advice.TryAsync(Visitor.WorkspaceId, suggestion, _left.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception error)
            {
                Log.PageFailed(logger, "Weekly review", "be replayed", error);
                _failed.Add(suggestion.Id);
            }

            StateHasChanged();
        }
    }

    private Task AcceptAsync(ReviewSuggestion suggestion, decimal value) => SayAsync(async () =>
    {
        _isAccepting = true;
        var wrong = CanEdit ? await advice.AcceptAsync(Visitor.WorkspaceId, suggestion, value, Visitor.ActorFor(Permission.EditPolicy)) : null;
        snackbar.Add(wrong ?? $"{suggestion.Name}: {ReviewWords.Value(suggestion.Kind, value)} is in force.", wrong is null ? Severity.Success : Severity.Error);
    });

    private Task DismissAsync(ReviewSuggestion suggestion) =>
        SayAsync(() => CanEdit ? advice.DismissAsync(Visitor.WorkspaceId, suggestion, Visitor.ActorFor(Permission.EditPolicy)) : Task.CompletedTask);

    private Task MarkAsync() => SayAsync(() => CanEdit ? reviews.MarkAsync(Visitor.WorkspaceId, _review!.Week, Visitor.ActorFor(Permission.EditPolicy)) : Task.CompletedTask);

    private async Task SayAsync(Func<Task> act)
    {
        if (_isBusy)
        {
            return;
        }

        _isBusy = true;
        await TryAsync("be changed", async () =>
        {
            await act();
            _review = await reviews.ReadAsync(Visitor.WorkspaceId, _left.Token);
            _suggestions = await advice.FindAsync(Visitor.WorkspaceId, _left.Token);
        });
        (_isBusy, _isAccepting) = (false, false);
        await ReplayAsync();
    }

    private async Task TryAsync(string action, Func<Task> work)
    {
        try
        {
            _problem = null;
            await work();
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
        catch (Exception error)
        {
            Log.PageFailed(logger, "Weekly review", action, error);
            _problem = $"The review could not {action}.";
        }

        StateHasChanged();
    }
}
