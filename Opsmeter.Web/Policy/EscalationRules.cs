using Opsmeter.Web.Documents;
using Opsmeter.Web.Hosting;

namespace Opsmeter.Web.Policy;

/// <summary>What an escalation must look like. Pure.</summary>
public static class EscalationRules
{
    private const int MostSteps = 20;
    private const int LongestDelay = 7 * 24 * 60;

    /// <summary>Checks every field.</summary>
    /// <param name="draft">What was written.</param>
    /// <param name="memberEmails">The members.</param>
    /// <param name="channels">The channels' names.</param>
    /// <param name="id">Its id, or nothing while it does not exist yet.</param>
    /// <returns>The escalation, or null and what to change.</returns>
    public static (EscalationDocument? Escalation, IReadOnlyDictionary<string, string[]> Errors) Check(
        EscalationDraft draft, IReadOnlyList<string> memberEmails, IReadOnlyList<string> channels, string id = "")
    {
        var errors = new FieldErrors();
        if (draft.Steps.Count == 0)
        {
            errors.Add("steps", "Write at least one step, such as the owner after 0 minutes.");
        }

        var escalation = new EscalationDocument
        {
            Id = id,
            Name = errors.Line("name", draft.Name?.Trim(), FieldRules.LongestName, "Write a name of 1 to 200 characters.") ?? "",
            Steps = Steps(errors, "steps", draft.Steps, memberEmails, channels),
            FastSteps = Steps(errors, "fastSteps", draft.FastSteps, memberEmails, channels),
        };
        return (errors.IsEmpty ? escalation : null, errors.ToDictionary());
    }

    private static List<EscalationStepDocument> Steps(
        FieldErrors errors, string field, List<EscalationStepDraft> drafts, IReadOnlyList<string> memberEmails, IReadOnlyList<string> channels)
    {
        if (drafts.Count > MostSteps)
        {
            errors.Add(field, $"Write at most {MostSteps} steps.");
            return [];
        }

        var steps = new List<EscalationStepDocument>();
        for (var i = 0; i < drafts.Count; i++)
        {
            var own = errors.Under($"{field}[{i}]");
            if (drafts[i].AfterMinutes is not { } minutes || minutes is < 0 or > LongestDelay)
            {
                own.Add("afterMinutes", "Write whole minutes, 0 to 10,080.");
                minutes = 0;
            }
            else if (steps.Count > 0 && minutes < steps[^1].AfterMinutes)
            {
                own.Add("afterMinutes", "Write the steps in the order of their delays.");
            }

            steps.Add(new EscalationStepDocument(minutes, Notify(own, drafts[i].Notify?.Trim(), memberEmails, channels)));
        }

        if (steps.Count > 0 && steps[0].AfterMinutes > 0)
        {
            errors.Under($"{field}[0]").Add("afterMinutes", "Write 0 for the first step: someone is told at once.");
        }

        return steps;
    }

    private static string Notify(FieldErrors errors, string? text, IReadOnlyList<string> memberEmails, IReadOnlyList<string> channels)
    {
        var name = errors.Line("notify", text, FieldRules.LongestName, "Write owner, backup, a channel's name or a member's e-mail.") ?? "";
        if (name.Length == 0 || name is EscalationStepDocument.Owner or EscalationStepDocument.Backup)
        {
            return name;
        }

        var known = channels.FirstOrDefault(channel => channel == name)
            ?? memberEmails.FirstOrDefault(email => string.Equals(email, name, StringComparison.OrdinalIgnoreCase));
        if (known is null)
        {
            errors.Add("notify", "Write owner, backup, the name of a channel of this workspace or a member's e-mail.");
        }

        return known ?? name;
    }
}
