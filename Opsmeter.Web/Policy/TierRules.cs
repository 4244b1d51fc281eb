using Opsmeter.Web.Hosting;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Policy;

/// <summary>What a tier entry must look like. Pure, for the form and for the writer.</summary>
public static class TierRules
{
    /// <summary>Checks every field.</summary>
    /// <param name="draft">What was written.</param>
    /// <param name="memberEmails">Who can own it.</param>
    /// <param name="id">The entry's id, or nothing while it does not exist yet.</param>
    /// <returns>The entry, or null and what to change.</returns>
    public static (TierDocument? Tier, IReadOnlyDictionary<string, string[]> Errors) Check(
        TierDraft draft, IReadOnlyList<string> memberEmails, string id = "")
    {
        var errors = new FieldErrors();
        if (draft.Tier is null or < 1 or > 3)
        {
            errors.Add("tier", "Write 1 (revenue-critical), 2 (helpful) or 3 (experimental or abuse-prone).");
        }

        var tier = new TierDocument
        {
            Id = id,
            Pattern = errors.Pattern("pattern", draft.Pattern),
            Tier = draft.Tier ?? 0,
            Owner = errors.Member("owner", draft.Owner, memberEmails),
            DegradedMode = errors.DegradedMode(draft.DegradedMode),
            BlockMessage = errors.BlockMessage(draft.BlockMessage),
            Notes = errors.Notes(draft.Notes),
            Reason = draft.Reason is { Suggested: not null } reason
                ? new TierReasonDocument(reason.EarnsMoney, reason.IsPublic, reason.IsExpensive, reason.IsEasyToAbuse)
                : null,
        };
        return (errors.IsEmpty ? tier : null, errors.ToDictionary());
    }
}
