using System.Text.Json;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Demo;

/// <summary>The demo's policy as it is stored.</summary>
internal static class DemoDocuments
{
    /// <summary>A budget's row, counted from the start of its running window.</summary>
    public static BudgetRow Of(int workspaceId, Budget budget, string owner, string backup, DateTimeOffset now) => new()
    {
        WorkspaceId = workspaceId,
        Id = budget.Id,
        Name = budget.Name,
        Document = JsonSerializer.Serialize(DocumentOf(budget, owner, backup), DocumentJson.Options),
        Version = 1,
        CountedFromTicks = StartOf(budget.Window, now),
        CreatedTicks = now.UtcTicks,
        UpdatedTicks = now.UtcTicks,
    };

    /// <summary>A tier entry's row.</summary>
    public static TierRow Of(int workspaceId, TierEntry entry, int number, DateTimeOffset now)
    {
        var document = new TierDocument
        {
            Id = $"tier_demo_{number}",
            Pattern = entry.Pattern.ToString(),
            Tier = (int)entry.Tier,
            DegradedMode = entry.DegradedMode is { } mode ? DegradedModeDocument.Of(mode) : null,
            BlockMessage = entry.BlockMessage,

            // Customers pay for translations: the review says that the tier does not fit.
            Reason = entry.Pattern.ToString() == "translate.*" ? new TierReasonDocument(EarnsMoney: true, IsEasyToAbuse: false) : null,
        };
        return new TierRow
        {
            WorkspaceId = workspaceId,
            Id = document.Id,
            Pattern = document.Pattern,
            Document = JsonSerializer.Serialize(document, DocumentJson.Options),
            Version = 1,
            CreatedTicks = now.UtcTicks,
            UpdatedTicks = now.UtcTicks,
        };
    }

    private static long StartOf(WindowSpec window, DateTimeOffset now) => new WindowCalendar(window).WindowAt(now).Start.UtcTicks;

    private static BudgetDocument DocumentOf(Budget budget, string owner, string backup) => new()
    {
        Id = budget.Id,
        Name = budget.Name,
        Conditions = [.. budget.Conditions.Select(condition => new ConditionDocument(
            condition.Dimension, condition.Values))],
        Per = budget.Per,
        LimitUsd = budget.Limits.Usd?.Dollars,
        LimitRequests = budget.Limits.Requests,
        LimitTokens = budget.Limits.Tokens,
        Window = new WindowDocument { Kind = budget.Window.Kind, TimeZone = budget.Window.TimeZone },
        Cap = budget.Cap,
        Confirmation = new ConfirmationDocument
        {
            Mode = budget.Confirmation.Mode, MinRate = budget.Confirmation.MinRate, LongMinutes = budget.Confirmation.LongMinutes,
            ShortMinutes = budget.Confirmation.ShortMinutes, Ceiling = budget.Confirmation.Ceiling,
        },
        DegradedMode = budget.DegradedMode is { } mode ? DegradedModeDocument.Of(mode) : null,
        DegradeAt = budget.DegradeAt,
        HoldExpiry = budget.Cap is Cap.Hard or Cap.ByTier ? HoldExpiry.Charge : HoldExpiry.Release,
        BlockMessage = budget.BlockMessage,
        Owner = owner,
        Backup = backup,
        Escalation = "default",
    };
}
