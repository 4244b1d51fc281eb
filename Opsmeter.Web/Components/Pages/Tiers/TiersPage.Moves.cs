using Microsoft.AspNetCore.Components;
using MudBlazor;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Tiers;

/// <content>Choosing endpoints, by box or by dragging, and putting them into a tier once what it changes was shown.</content>
public sealed partial class TiersPage
{
    private readonly HashSet<string> _selected = new(StringComparer.Ordinal);
    private (string Said, Func<Task<bool>> Back)? _undo;
    private EndpointTier? _dragged;
    private string? _lastTicked;
    private bool _isMoving;

    private IReadOnlyList<(EndpointTier Endpoint, int Tier)> Advice =>
        [.. Shown.Where(endpoint => endpoint.Entry is null).Select(endpoint => (endpoint, (int)AdviceFor(endpoint).Tier))];

    private TierAdvice AdviceFor(EndpointTier endpoint) => TierAdvice.For(
        endpoint.Endpoint, endpoint.Spend.Requests, _classified);

    private void Select((EndpointTier Endpoint, bool IsRange) ticked)
    {
        var isOn = !_selected.Contains(ticked.Endpoint.Endpoint);
        var shown = Shown.Select(endpoint => endpoint.Endpoint).ToList();
        var (here, last) = (shown.IndexOf(ticked.Endpoint.Endpoint), ticked.IsRange && _lastTicked is not null ? shown.IndexOf(_lastTicked) : -1);
        foreach (var endpoint in last < 0 ? [ticked.Endpoint.Endpoint] : shown.Skip(Math.Min(here, last)).Take(Math.Abs(here - last) + 1))
        {
            _ = isOn ? _selected.Add(endpoint) : _selected.Remove(endpoint);
        }

        _lastTicked = ticked.Endpoint.Endpoint;
    }

    private void SelectAll(bool isOn)
    {
        _selected.Clear();
        _selected.UnionWith(isOn ? Shown.Select(endpoint => endpoint.Endpoint) : []);
    }

    private void Drag(EndpointTier? endpoint) => _dragged = endpoint;

    // One that is among the selected takes the others with it.
    private Task DropAsync(int tier)
    {
        var dragged = _dragged;
        _dragged = null;
        return dragged is null ? Task.CompletedTask
            : _selected.Contains(dragged.Endpoint) ? MoveSelectedAsync(tier)
            : MoveAsync([(dragged, tier)]);
    }

    private Task MoveSelectedAsync(int tier) =>
        MoveAsync([.. (_endpoints ?? []).Where(endpoint => _selected.Contains(endpoint.Endpoint)).Select(endpoint => (endpoint, tier))]);

    private Task ClassifyAsync((EndpointTier Endpoint, int Tier) choice) => MoveAsync([choice]);

    private async Task MoveAsync(IReadOnlyList<(EndpointTier Endpoint, int Tier)> wanted)
    {
        // An endpoint that a pattern puts there already gets no entry of its own.
        var moves = wanted.Where(move => move.Endpoint.Tier != move.Tier).ToList();
        if (!CanEdit || _isMoving || moves.Count == 0)
        {
            return;
        }

        _isMoving = true;
        await TryAsync("be changed", async () =>
        {
            var named = moves.Select(move => (move.Endpoint.Endpoint, move.Tier)).ToList();
            var effects = Desk.Preview(Visitor.WorkspaceId, named);
            if ((moves.Count > 1 || effects.Count > 0) && !await ConfirmAsync(moves, effects))
            {
                return;
            }

            if (await Desk.MoveAsync(Visitor.WorkspaceId, named, Visitor.ActorFor(Permission.EditPolicy)) is { } back)
            {
                _undo = (Said(named), back);
                _selected.Clear();
            }
            else
            {
                Snackbar.Add("Someone else changed the tiers just now. Look again, then move them.", MudBlazor.Severity.Warning);
            }

            await ReadEntriesAsync();
        });
        _isMoving = false;
    }

    private async Task<bool> ConfirmAsync(IReadOnlyList<(EndpointTier, int)> moves, IReadOnlyList<TierMove> effects)
    {
        var parameters = new DialogParameters<MoveDialog> { { dialog => dialog.Moves, moves }, { dialog => dialog.Effects, effects } };
        var shown = await Dialogs.ShowAsync<MoveDialog>("Move", parameters, new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true });
        return await shown.Result is { Canceled: false };
    }

    private Task UndoAsync() => TryAsync("be changed back", async () =>
    {
        if (_undo is not { } undo || _isMoving)
        {
            return;
        }

        _isMoving = true;
        if (!await undo.Back())
        {
            Snackbar.Add("The tiers were changed again since: that cannot be undone any more.", MudBlazor.Severity.Warning);
        }

        await ReadEntriesAsync();
        (_undo, _isMoving) = (null, false);
    });

    private async Task EditModeAsync(int tier)
    {
        if (!CanEdit || _modes is null)
        {
            return;
        }

        var parameters = new DialogParameters<TierModeDialog>
        {
            { dialog => dialog.Tier, tier },
            { dialog => dialog.Mode, Desk.Copy(TierDefaults.Of(_modes, tier)) },
            { dialog => dialog.Save, mode => Desk.SaveModeAsync(Visitor.WorkspaceId, tier, mode, Visitor.ActorFor(Permission.EditPolicy)) },
        };
        var shown = await Dialogs.ShowAsync<TierModeDialog>($"Tier {tier}", parameters, new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true });
        if (await shown.Result is { Canceled: false })
        {
            await TryAsync("be read", ReadEntriesAsync);
        }
    }

    private static string Said(List<(string Endpoint, int Tier)> moves) => moves is [var only]
        ? $"{only.Endpoint} is in Tier {only.Tier} now."
        : $"{moves.Count} endpoints were moved.";
}
