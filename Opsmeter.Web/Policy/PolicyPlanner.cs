using System.Text.Json;
using System.Text.RegularExpressions;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Hosting;

namespace Opsmeter.Web.Policy;

/// <summary>Finds what a policy document would change, and whether it may. Pure.</summary>
internal sealed partial class PolicyPlanner(PolicyDocument before, SettingsDocument settings, BudgetContext context)
{
    private const int MostBudgets = 1_000;
    private const int MostTiers = 2_000;
    private const int MostEscalations = 100;
    private const int MostErrors = 100;

    private readonly FieldErrors _errors = new();

    /// <summary>Plans.</summary>
    /// <returns>The plan, or null and what to change.</returns>
    public (PolicyPlan? Plan, IReadOnlyDictionary<string, string[]> Errors) Plan(PolicyDraft draft)
    {
        var escalations = Escalations(draft.Escalations);
        var budgets = Budgets(draft.Budgets, [.. escalations.Select(escalation => escalation.Name)]);
        var tiers = Tiers(draft.Tiers);
        var (checkedSettings, wrong) = SettingsRules.Check(
            new SettingsDraft { DefaultTier = draft.DefaultTier, DegradedModes = draft.DegradedModes, Observe = draft.Observe, KeepsCeilingPrice = true }, settings);
        Add("", wrong);
        if (!_errors.IsEmpty || checkedSettings is null)
        {
            return (null, _errors.ToDictionary());
        }

        // Settings that say the same are the same, so that nothing is written for them.
        var after = PolicyStore.Write(checkedSettings) == PolicyStore.Write(settings) ? settings : checkedSettings;
        var plan = new PolicyPlan(
            PolicyDocuments.Of(budgets, tiers, escalations, after), Changes(before.Budgets, budgets, budget => budget.Id), Changes(before.Tiers, tiers, tier => tier.Id),
            Changes(before.Escalations, escalations, escalation => escalation.Id), (settings, after));
        return (plan, _errors.ToDictionary());
    }

    private List<BudgetDocument> Budgets(List<PolicyDraft.Item<BudgetDraft>>? items, string[] escalations)
    {
        if (items is null)
        {
            if (before.Budgets.FirstOrDefault(budget => !escalations.Contains(budget.Escalation)) is { } left)
            {
                _errors.Add("escalations", $"Keep the escalation \"{left.Escalation}\": the budget {left.Name} has it.");
            }

            return [.. before.Budgets];
        }

        var all = new List<BudgetDocument>();
        Limit("budgets", items.Count, MostBudgets);
        var (ids, names) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        for (var i = 0; i < items.Count && _errors.ToDictionary().Count < MostErrors; i++)
        {
            var (field, item) = ($"budgets[{i}]", items[i]);
            var old = before.Budgets.FirstOrDefault(budget => item.Id is not null ? budget.Id == item.Id : budget.Name == item.Draft.Name?.Trim());
            var id = IdOf(field, item.Id ?? old?.Id, "bud_", ids);
            var budget = old is not null && Same(item.Draft, BudgetDraft.Of(old)) && escalations.Contains(old.Escalation) ? old : Checked(field, item.Draft, old, escalations);
            if (budget is not null && !names.Add(budget.Name))
            {
                _errors.Add(field + ".name", "Write another name: another budget of the document has this one.");
            }

            if (budget is not null)
            {
                all.Add(budget with { Id = id });
            }
        }

        return all;
    }

    private BudgetDocument? Checked(string field, BudgetDraft draft, BudgetDocument? old, string[] escalations)
    {
        var (budget, wrong) = BudgetRules.Check(draft, context with { Before = old, EscalationNames = escalations });
        Add(field, wrong);
        return budget;
    }

    private List<TierDocument> Tiers(List<PolicyDraft.Item<TierDraft>>? items)
    {
        if (items is null)
        {
            return [.. before.Tiers];
        }

        var all = new List<TierDocument>();
        Limit("tiers", items.Count, MostTiers);
        var (ids, patterns) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        for (var i = 0; i < items.Count && _errors.ToDictionary().Count < MostErrors; i++)
        {
            var (field, item) = ($"tiers[{i}]", items[i]);
            var old = before.Tiers.FirstOrDefault(tier => item.Id is not null ? tier.Id == item.Id : tier.Pattern == item.Draft.Pattern?.Trim());
            var id = IdOf(field, item.Id ?? old?.Id, "tier_", ids);
            var tier = old is not null && Same(item.Draft, TierDraft.Of(old)) ? old : Checked(field, item.Draft, id);
            if (tier is not null && !patterns.Add(tier.Pattern))
            {
                _errors.Add(field + ".pattern", "Write another pattern: another entry of the document has this one.");
            }

            if (tier is not null)
            {
                all.Add(tier with { Id = id });
            }
        }

        return all;
    }

    private List<EscalationDocument> Escalations(List<PolicyDraft.Item<EscalationDraft>>? items)
    {
        if (items is null)
        {
            return [.. before.Escalations];
        }

        var all = new List<EscalationDocument>();
        Limit("escalations", items.Count, MostEscalations);
        var (ids, names) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        for (var i = 0; i < items.Count && _errors.ToDictionary().Count < MostErrors; i++)
        {
            var (field, item) = ($"escalations[{i}]", items[i]);
            var old = before.Escalations.FirstOrDefault(escalation => item.Id is not null ? escalation.Id == item.Id : escalation.Name == item.Draft.Name?.Trim());
            var id = IdOf(field, item.Id ?? old?.Id, "esc_", ids);
            var (escalation, wrong) = old is not null && Same(item.Draft, EscalationDraft.Of(old))
                ? (old, new Dictionary<string, string[]>()) : EscalationRules.Check(item.Draft, context.MemberEmails, context.ChannelNames, id);
            Add(field, wrong);
            if (escalation is not null && !names.Add(escalation.Name))
            {
                _errors.Add(field + ".name", "Write another name: another escalation of the document has this one.");
            }

            if (escalation is not null)
            {
                all.Add(escalation with { Id = id });
            }
        }

        // One named default always exists: left out, it is what it was at first.
        if (!all.Exists(escalation => escalation.Name == EscalationDocument.DefaultName))
        {
            all.Add(EscalationDocument.Default);
        }

        return all;
    }

    private TierDocument? Checked(string field, TierDraft draft, string id)
    {
        var (tier, wrong) = TierRules.Check(draft, context.MemberEmails, id);
        Add(field, wrong);
        return tier;
    }

    /// <summary>The id of an item: what it says, so that a policy that is put into another workspace stays the same document.</summary>
    private string IdOf(string field, string? id, string start, HashSet<string> ids)
    {
        id ??= PolicyStore.NewId(start);
        if (!id.StartsWith(start, StringComparison.Ordinal) || !Id().IsMatch(id))
        {
            _errors.Add(field + ".id", $"Leave the id out, or write one such as {start}k3v9q2m4, of lower-case letters, digits and underscores.");
        }
        else if (!ids.Add(id))
        {
            _errors.Add(field + ".id", "Write each id once.");
        }

        return id;
    }

    private void Limit(string field, int count, int most)
    {
        if (count > most)
        {
            _errors.Add(field, $"Write at most {most}.");
        }
    }

    private void Add(string field, IReadOnlyDictionary<string, string[]> wrong)
    {
        foreach (var (name, messages) in wrong)
        {
            Array.ForEach(messages, message => _errors.Add(field.Length == 0 ? name : $"{field}.{name}", message));
        }
    }

    // What is as it was is not judged again: its owner may have left since.
    private static bool Same<T>(T draft, T old) => JsonSerializer.Serialize(draft) == JsonSerializer.Serialize(old);

    private static List<(T? Before, T? After)> Changes<T>(IReadOnlyList<T> before, List<T> after, Func<T, string> idOf)
        where T : class
    {
        var old = before.ToDictionary(idOf, StringComparer.Ordinal);
        var now = after.ToDictionary(idOf, StringComparer.Ordinal);
        return
        [
            .. before.Where(item => !now.ContainsKey(idOf(item))).Select(item => ((T?)item, (T?)null)),
            .. after.Select(item => (Before: old.GetValueOrDefault(idOf(item)), After: (T?)item)).Where(pair => pair.Before is null || PolicyStore.Write(pair.Before) != PolicyStore.Write(pair.After)),
        ];
    }

    [GeneratedRegex("^[a-z]+_[a-z0-9_]{1,58}$")]
    private static partial Regex Id();
}
