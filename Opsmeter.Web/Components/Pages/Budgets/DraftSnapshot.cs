using System.Text.Json;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>Makes, compares and completes drafts.</summary>
internal static class DraftSnapshot
{
    /// <summary>The draft that a new budget starts from: the defaults, spelled out so that they are seen.</summary>
    /// <param name="zone">The workspace's zone.</param>
    /// <param name="owner">Who makes it, when that is someone who can own it.</param>
    /// <param name="endpoint">The endpoint that it is made for, or null.</param>
    public static BudgetDraft New(string zone, string? owner, string? endpoint) => new()
    {
        Name = endpoint,
        Enabled = true,
        Conditions = endpoint is null ? [] : [new ConditionDraft { Dimension = Dimension.EndpointTag, Values = [endpoint] }],
        Environments = [DeploymentEnvironment.Prod],
        DataModes = [DataMode.Real],
        Window = new WindowDraft { TimeZone = zone },
        WarnAt = 0.8m,
        Cap = Cap.ByTier,
        DegradeAt = DegradeAt.Warning,
        Owner = owner,
        Escalation = "default",
    };

    /// <summary>Text that is the same for drafts that say the same.</summary>
    public static string Of(BudgetDraft draft) => JsonSerializer.Serialize(draft);

    /// <summary>Text that is the same for drafts that count and decide the same: names, people and words left out.</summary>
    public static string OfCounting(BudgetDraft draft)
    {
        var counting = ToSend(draft);
        (counting.Name, counting.Notes, counting.Owner, counting.Backup, counting.Escalation, counting.BlockMessage) = (null, null, null, null, null, null);
        counting.Enabled = true;
        return Of(counting);
    }

    /// <summary>The same draft, to be changed on its own.</summary>
    public static BudgetDraft Copy(BudgetDraft draft) => JsonSerializer.Deserialize<BudgetDraft>(Of(draft))!;

    /// <summary>What is sent: a copy without what the form no longer shows, such as limits of keys of a budget that counts together.</summary>
    public static BudgetDraft ToSend(BudgetDraft draft)
    {
        var sent = Copy(draft);
        if (sent.Per is null)
        {
            (sent.Overrides, sent.UnkeyedLimitUsd) = ([], null);
        }

        return sent;
    }
}
