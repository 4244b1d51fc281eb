using System.Security.Cryptography;
using System.Text.Json;
using Opsmeter.Core.Metering;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Policy;

/// <summary>What edits of every kind of document share: ids, JSON, the audit row and who may own something.</summary>
internal static class PolicyStore
{
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const int IdLength = 16;

    /// <summary>A new id, such as <c>bud_</c> and sixteen characters.</summary>
    public static string NewId(string start) => start + RandomNumberGenerator.GetString(Alphabet, IdLength);

    public static string Write<T>(T document) => JsonSerializer.Serialize(document, DocumentJson.Options);

    public static T Read<T>(string document) => JsonSerializer.Deserialize<T>(document, DocumentJson.Options)!;

    /// <summary>The members' e-mails, by name.</summary>
    public static string[] MemberEmails(OpsmeterDb db, int workspaceId) =>
    [
        .. db.Memberships.Where(row => row.WorkspaceId == workspaceId)
            .Join(db.Users, membership => membership.MemberId, member => member.Id, (_, member) => member.Email)
            .ToArray().OfType<string>().Order(StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>The channels' names.</summary>
    public static string[] ChannelNames(OpsmeterDb db, int workspaceId) =>
        [.. db.Channels.Where(row => row.WorkspaceId == workspaceId).Select(row => row.Name).ToArray().Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>What names a channel, in words, or null.</summary>
    public static string? UseOf(OpsmeterDb db, int workspaceId, string channel) =>
        db.Escalations.Where(row => row.WorkspaceId == workspaceId).ToArray().Select(row => Read<EscalationDocument>(row.Document))
            .FirstOrDefault(escalation => escalation.Steps.Concat(escalation.FastSteps).Any(step => step.Notify == channel)) is { } used
            ? $"the escalation {used.Name}"
            : db.Budgets.Where(row => row.WorkspaceId == workspaceId).ToArray()
                .FirstOrDefault(row => Read<BudgetDocument>(row.Document).Backup == channel) is { } budget ? $"the budget {budget.Name}" : null;

    public static void Audit(
        this OpsmeterDb db, int workspaceId, DateTimeOffset now, string actor, string action, string target, string? before, string? after) =>
        db.Audit.Add(new AuditRow
        {
            WorkspaceId = workspaceId, AtTicks = now.UtcTicks, Actor = actor, Action = action, Target = target, Before = before, After = after,
        });

    /// <summary>An edit that changed nothing, and says why.</summary>
    public static PolicyEdit<PolicyResult<T>> Refuse<T>(PolicyResult<T> result) => new(result, IsChanged: false, []);

    /// <summary>An edit that is to be kept.</summary>
    /// <param name="document">The document as it is now, or as it was before it was deleted.</param>
    /// <param name="version">Its version.</param>
    /// <param name="counted">The budgets to count anew; null for all.</param>
    public static PolicyEdit<PolicyResult<T>> Keep<T>(T document, int version, IReadOnlyCollection<string>? counted) =>
        new(new PolicyResult<T>.Saved(new Versioned<T>(document, version)), IsChanged: true, counted);

    /// <summary>The start of the window that runs now: windows before it were never counted under this definition.</summary>
    public static long RunningWindowTicks(BudgetDocument budget, DateTimeOffset now) =>
        new WindowCalendar(budget.ToBudget().Window).WindowAt(now).Start.UtcTicks;
}
