using Opsmeter.Web.Components.Pages.Budgets;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Audit;

/// <summary>Says what an act was done to.</summary>
internal static class AuditWords
{
    /// <summary>What kind of thing: <c>budget</c>, <c>API key</c>; empty where the verb says it.</summary>
    public static string Kind(string action) => action.Split('.')[0] switch
    {
        "key" => "API key",
        "ledger" => "the ledger",
        "holds" => "unsettled holds",
        "member" when action.Contains("sign-in", StringComparison.Ordinal) => "",
        var kind => kind,
    };

    /// <summary>Its name, where the document has one, else what the act names.</summary>
    public static string Name(AuditItem item)
    {
        var fields = PolicyDiff.Fields(item.After) ?? PolicyDiff.Fields(item.Before);
        return fields?.GetValueOrDefault("name") ?? fields?.GetValueOrDefault("pattern") ?? item.Target;
    }

    /// <summary>Where it is to be seen: its page, else what else was done to it.</summary>
    public static string Link(AuditItem item) =>
        item.Action.StartsWith("budget.", StringComparison.Ordinal) && item.After is not null
            ? $"budgets/{Uri.EscapeDataString(item.Target)}"
            : $"audit?target={Uri.EscapeDataString(item.Target)}";
}
