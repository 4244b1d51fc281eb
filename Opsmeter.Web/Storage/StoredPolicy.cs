using System.Text.Json;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Pricing;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Storage;

/// <summary>
/// The policy of a workspace as it is in the store, uncommitted edits of the open transaction included. Read in plain SQL:
/// the server answers at start before EF is ready.
/// </summary>
/// <param name="Policy">The policy.</param>
/// <param name="CountedFrom">Since when each budget has been counted, by its id.</param>
internal sealed record StoredPolicy(WorkspacePolicy Policy, IReadOnlyDictionary<string, DateTimeOffset> CountedFrom)
{
    public static StoredPolicy Read(SqliteLedger ledger, int workspaceId, PriceBook prices)
    {
        var settings = ledger.Query(
            "SELECT settings FROM workspaces WHERE id = $0", reader => Parse<SettingsDocument>(reader.GetString(0)), workspaceId).Single();
        var budgets = ledger.Query(
            "SELECT document, counted_from_ticks FROM budgets WHERE workspace_id = $0",
            reader => (Budget: Parse<BudgetDocument>(reader.GetString(0)).ToBudget(), From: new DateTimeOffset(reader.GetInt64(1), TimeSpan.Zero)),
            workspaceId);
        var tiers = ledger.Query(
            "SELECT document FROM tiers WHERE workspace_id = $0", reader => Parse<TierDocument>(reader.GetString(0)).ToEntry(), workspaceId);
        var ceiling = new WorkspaceSettings.Rates(prices.Ceiling.InputPerMillion, prices.Ceiling.OutputPerMillion);
        return new StoredPolicy(
            new WorkspacePolicy(settings.ToSettings(), budgets.Select(entry => entry.Budget), tiers, ceiling),
            budgets.ToDictionary(entry => entry.Budget.Id, entry => entry.From, StringComparer.Ordinal));
    }

    private static T Parse<T>(string document) => JsonSerializer.Deserialize<T>(document, DocumentJson.Options)!;
}
