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
/// <param name="Settings">The settings as they are stored.</param>
/// <param name="Tiers">The tier entries as they are stored.</param>
/// <param name="Budgets">The budgets as they are stored, by their ids.</param>
internal sealed record StoredPolicy(
    WorkspacePolicy Policy, IReadOnlyDictionary<string, DateTimeOffset> CountedFrom, string Settings, IReadOnlyList<TierDocument> Tiers,
    IReadOnlyDictionary<string, BudgetDocument> Budgets)
{
    public static StoredPolicy Read(SqliteLedger ledger, int workspaceId, PriceBook prices)
    {
        var settings = ledger.Query(
            "SELECT settings FROM workspaces WHERE id = $0", reader => reader.GetString(0), workspaceId).Single();
        var budgets = ledger.Query(
            "SELECT document, counted_from_ticks FROM budgets WHERE workspace_id = $0",
            reader => (Document: Parse<BudgetDocument>(reader.GetString(0)), From: new DateTimeOffset(reader.GetInt64(1), TimeSpan.Zero)),
            workspaceId);
        var tiers = ledger.Query(
            "SELECT document FROM tiers WHERE workspace_id = $0", reader => Parse<TierDocument>(reader.GetString(0)), workspaceId);
        var ceiling = new WorkspaceSettings.Rates(prices.Ceiling.InputPerMillion, prices.Ceiling.OutputPerMillion);
        return new StoredPolicy(
            new WorkspacePolicy(
                Parse<SettingsDocument>(settings).ToSettings(), budgets.Select(entry => entry.Document.ToBudget()), tiers.Select(tier => tier.ToEntry()), ceiling),
            budgets.ToDictionary(entry => entry.Document.Id, entry => entry.From, StringComparer.Ordinal),
            settings,
            tiers,
            budgets.ToDictionary(entry => entry.Document.Id, entry => entry.Document, StringComparer.Ordinal));
    }

    /// <summary>What the counts of all budgets depend on; the same where an entry was made again under another id.</summary>
    public string PrintOfAll() => Settings + string.Concat(Tiers.OrderBy(tier => tier.Pattern, StringComparer.Ordinal).Select(tier => Print(tier with { Id = "" })));

    /// <summary>What the counts of one budget depend on besides; the same where it was made again under another id.</summary>
    public string PrintOf(string budgetId) => Print(Budgets[budgetId] with { Id = "" });

    private static string Print<T>(T document) => JsonSerializer.Serialize(document, DocumentJson.Options);

    private static T Parse<T>(string document) => JsonSerializer.Deserialize<T>(document, DocumentJson.Options)!;
}
