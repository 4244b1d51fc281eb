using Opsmeter.Web.Live;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>What the budget pages read and change.</summary>
public sealed class BudgetDesk(BudgetPolicies budgets, BudgetStates states, BudgetForecasts forecasts, ControlStart start, LiveFeed live, TimeProvider time)
{
    /// <summary>The server's clock.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>All budgets and where they stand, worst first.</summary>
    public async Task<IReadOnlyList<BudgetLine>> ListAsync(int workspaceId)
    {
        var all = await budgets.ListAsync(workspaceId);
        return BudgetLine.Join(all.Select(item => (item.Document.Id, BudgetDraft.Of(item.Document))), await StatesAsync(workspaceId));
    }

    /// <summary>The same budgets with newer states.</summary>
    public IReadOnlyList<BudgetLine> Refresh(int workspaceId, IReadOnlyList<BudgetLine> lines) =>
        BudgetLine.Refresh(lines, forecasts.AddKnown(workspaceId, states.Read(workspaceId)));

    /// <summary>Which endpoints ask a budget first, most spend first.</summary>
    public IReadOnlyList<EndpointEnforcement> Endpoints(int workspaceId, string id) => states.ReadEndpoints(workspaceId, id);

    /// <summary>One budget with its version and where it stands, or null.</summary>
    public async Task<(BudgetLine Line, int Version)?> FindAsync(int workspaceId, string id) =>
        await budgets.FindAsync(workspaceId, id) is { } item
            ? (BudgetLine.Join([(item.Document.Id, BudgetDraft.Of(item.Document))], await StatesAsync(workspaceId, id))[0], item.Version)
            : null;

    /// <summary>Who can own a budget.</summary>
    public Task<IReadOnlyList<string>> OwnersAsync(int workspaceId) => budgets.OwnersAsync(workspaceId);

    /// <summary>Whom a budget can name.</summary>
    public Task<BudgetPeople> PeopleAsync(int workspaceId) => budgets.PeopleAsync(workspaceId);

    /// <summary>Saves a draft: makes the budget where there is no id.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="id">The budget, or null for a new one.</param>
    /// <param name="draft">What was written.</param>
    /// <param name="version">The version it was made from; another one in force refuses it.</param>
    /// <param name="actor">Who saves it.</param>
    internal async Task<SaveOutcome> SaveAsync(int workspaceId, string? id, BudgetDraft draft, int? version, string actor)
    {
        var sent = DraftSnapshot.ToSend(draft);
        var result = id is null
            ? await budgets.CreateAsync(workspaceId, sent, actor)
            : await budgets.ReplaceAsync(workspaceId, id, sent, version, actor);
        return SaveOutcome.Of(result, document => document.Id);
    }

    /// <summary>Deletes a budget.</summary>
    internal async Task<SaveOutcome> DeleteAsync(int workspaceId, string id, int? version, string actor) =>
        SaveOutcome.Of(await budgets.DeleteAsync(workspaceId, id, version, actor), document => document.Id);

    /// <summary>A new draft, begun from what the address asks for.</summary>
    public async Task<BudgetDraft> StartAsync(int workspaceId, BudgetDraft draft, NewControl wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        if (wanted.CopyOf is { } id && await budgets.FindAsync(workspaceId, id) is { } original)
        {
            draft = BudgetDraft.Of(original.Document);
            draft.TemporaryIncrease = null;
            if (wanted.IsTotal)
            {
                await start.FillTotalAsync(workspaceId, draft);
            }
        }
        else if (wanted.CoversAll)
        {
            await start.FillAllAsync(workspaceId, draft);
        }
        else if (wanted is { Dimension: { } dimension, Value: { } value })
        {
            await start.FillAsync(workspaceId, draft, dimension, value);
        }
        else
        {
            return draft;
        }

        draft.Name = await FreeNameAsync(workspaceId, draft.Name ?? "");
        return draft;
    }

    /// <summary>A name that no budget of the workspace has yet: the wanted one, or with a number behind it.</summary>
    public async Task<string> FreeNameAsync(int workspaceId, string wanted)
    {
        var taken = (await budgets.ListAsync(workspaceId)).Select(item => item.Document.Name ?? "").ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Enumerable.Range(1, taken.Count + 1).Select(number => number == 1 ? wanted : $"{wanted} ({number})").First(name => !taken.Contains(name));
    }

    private Task<IReadOnlyList<BudgetStateItem>> StatesAsync(int workspaceId, string? budgetId = null) =>
        forecasts.AddAsync(workspaceId, [.. states.Read(workspaceId).Where(item => budgetId is null || item.BudgetId == budgetId)]);

    /// <summary>Watches the workspace until the result is disposed.</summary>
    public IDisposable Watch(int workspaceId, Func<LiveUpdate, Task> onUpdate) => live.Subscribe(workspaceId, onUpdate);
}
