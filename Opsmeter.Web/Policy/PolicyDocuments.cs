using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary>
/// The whole policy as one document: read, tried and put in force in one transaction, all of it or nothing. A change is
/// audited piece by piece, as if each had been edited by itself.
/// </summary>
public sealed class PolicyDocuments(IDbContextFactory<OpsmeterDb> databases, LedgerWriter writer, Boards boards, TimeProvider time)
{
    private const int ETagBytes = 12;

    /// <summary>The policy in force, with its ETag.</summary>
    internal async Task<(PolicyDocument Policy, string ETag)> ReadAsync(int workspaceId)
    {
        await using var db = await databases.CreateDbContextAsync();
        var policy = Read(db, workspaceId).Policy;
        return (policy, ETagOf(policy));
    }

    /// <summary>What a document would change.</summary>
    /// <returns>The plan, or null and what to write instead.</returns>
    internal async Task<(PolicyPlan? Plan, IReadOnlyDictionary<string, string[]> Errors)> PlanAsync(int workspaceId, PolicyDraft draft)
    {
        await using var db = await databases.CreateDbContextAsync();
        return Plan(db, workspaceId, draft, time.GetUtcNow());
    }

    /// <summary>Puts a document in force.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="draft">The document.</param>
    /// <param name="isExpected">Says by its ETag whether the policy is the one that the document was made from.</param>
    /// <param name="actor">Who does it.</param>
    /// <returns>What was done; errors instead, or neither where the policy was another one.</returns>
    internal Task<(PolicyPlan? Plan, IReadOnlyDictionary<string, string[]> Errors)> ApplyAsync(
        int workspaceId, PolicyDraft draft, Func<string, bool> isExpected, string actor) =>
        writer.EditAsync(workspaceId, (db, now) =>
        {
            if (!isExpected(ETagOf(Read(db, workspaceId).Policy)))
            {
                return new PolicyEdit<(PolicyPlan?, IReadOnlyDictionary<string, string[]>)>((null, new Dictionary<string, string[]>()), IsChanged: false, []);
            }

            var (plan, errors) = Plan(db, workspaceId, draft, now);
            if (plan is null || plan.Differences.Count == 0)
            {
                return new PolicyEdit<(PolicyPlan?, IReadOnlyDictionary<string, string[]>)>((plan, errors), IsChanged: false, []);
            }

            return new PolicyEdit<(PolicyPlan?, IReadOnlyDictionary<string, string[]>)>((plan, errors), IsChanged: true, Write(db, workspaceId, plan, now, actor));
        });

    /// <summary>The policy that a plan leads to, as the engine has it.</summary>
    internal WorkspacePolicy PolicyOf(int workspaceId, PolicyPlan plan) => new(
        plan.Settings.After.ToSettings(), plan.After.Budgets.Select(budget => budget.ToBudget()), plan.After.Tiers.Select(tier => tier.ToEntry()),
        boards[workspaceId].Policy.Ceiling);

    /// <summary>Puts the parts together in the order that they are written in.</summary>
    internal static PolicyDocument Of(IEnumerable<BudgetDocument> budgets, IEnumerable<TierDocument> tiers, IEnumerable<EscalationDocument> escalations, SettingsDocument settings) => new()
    {
        Budgets = [.. budgets.OrderBy(budget => budget.Name, StringComparer.Ordinal).ThenBy(budget => budget.Id, StringComparer.Ordinal)],
        Tiers = [.. tiers.OrderBy(tier => tier.Pattern, StringComparer.Ordinal)],
        Escalations =
        [
            .. escalations.OrderBy(escalation => escalation.Name != EscalationDocument.DefaultName).ThenBy(escalation => escalation.Name, StringComparer.Ordinal),
        ],
        DefaultTier = settings.DefaultTier,
        DegradedModes = settings.DegradedModes ?? TierModesDocument.None,
    };

    private static (PolicyDocument Policy, SettingsDocument Settings) Read(OpsmeterDb db, int workspaceId)
    {
        var budgets = db.Budgets.AsNoTracking().Where(row => row.WorkspaceId == workspaceId).AsEnumerable().Select(row => BudgetPolicies.Of(row).Document);
        var tiers = db.Tiers.AsNoTracking().Where(row => row.WorkspaceId == workspaceId).AsEnumerable().Select(row => TierPolicies.Of(row).Document);
        var settings = WorkspacePolicies.Of(db.Workspaces.AsNoTracking().Single(row => row.Id == workspaceId)).Document;
        return (Of(budgets, tiers, EscalationPolicies.List(db, workspaceId).Select(item => item.Document), settings), settings);
    }

    private static (PolicyPlan? Plan, IReadOnlyDictionary<string, string[]> Errors) Plan(OpsmeterDb db, int workspaceId, PolicyDraft draft, DateTimeOffset now)
    {
        var (policy, settings) = Read(db, workspaceId);
        return new PolicyPlanner(policy, settings, BudgetPolicies.ContextOf(db, workspaceId, null, now)).Plan(draft);
    }

    private static string ETagOf(PolicyDocument policy) =>
        $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PolicyStore.Write(policy))).AsSpan(0, ETagBytes))}\"";

    /// <returns>The budgets to count anew; null for all.</returns>
    private static HashSet<string>? Write(OpsmeterDb db, int workspaceId, PolicyPlan plan, DateTimeOffset now, string actor)
    {
        var budgets = db.Budgets.Where(row => row.WorkspaceId == workspaceId).ToDictionary(row => row.Id, StringComparer.Ordinal);
        var tiers = db.Tiers.Where(row => row.WorkspaceId == workspaceId).ToDictionary(row => row.Id, StringComparer.Ordinal);
        MakeRoom(db, plan, budgets, tiers);
        var counted = new HashSet<string>(StringComparer.Ordinal);
        var countsAll = false;
        foreach (var (before, after) in plan.Budgets)
        {
            counted.Add((after ?? before)!.Id);
            switch (before, after)
            {
                case (null, { } added):
                    BudgetPolicies.Add(db, workspaceId, added, now, actor);
                    break;
                case ({ } old, { } changed):
                    BudgetPolicies.Overwrite(db, budgets[old.Id], old, changed, now, actor);
                    break;
                case ({ } gone, null):
                    BudgetPolicies.Remove(db, budgets[gone.Id], now, actor);
                    break;
            }
        }

        foreach (var (before, after) in plan.Tiers)
        {
            countsAll |= before?.Pattern != after?.Pattern || before?.Tier != after?.Tier;
            switch (before, after)
            {
                case (null, { } added):
                    TierPolicies.Add(db, workspaceId, added, now, actor);
                    break;
                case ({ } old, { } changed):
                    TierPolicies.Overwrite(db, tiers[old.Id], changed, now, actor);
                    break;
                case ({ } gone, null):
                    TierPolicies.Remove(db, tiers[gone.Id], now, actor);
                    break;
            }
        }

        foreach (var (before, after) in plan.Escalations)
        {
            EscalationPolicies.Put(db, workspaceId, before, after, now, actor);
        }

        if (plan.Settings.Before != plan.Settings.After)
        {
            countsAll |= WorkspacePolicies.Overwrite(db, db.Workspaces.Single(row => row.Id == workspaceId), plan.Settings.After, now, actor).Budgets is null;
        }

        return countsAll ? null : counted;
    }

    /// <summary>Names and patterns are unique row by row: those that move or go are put aside first, so that two can be exchanged.</summary>
    private static void MakeRoom(OpsmeterDb db, PolicyPlan plan, Dictionary<string, BudgetRow> budgets, Dictionary<string, TierRow> tiers)
    {
        foreach (var (before, after) in plan.Budgets.Where(pair => pair.Before is not null && pair.Before.Name != pair.After?.Name))
        {
            budgets[before!.Id].Name = before.Id;
        }

        foreach (var (before, after) in plan.Tiers.Where(pair => pair.Before is not null && pair.Before.Pattern != pair.After?.Pattern))
        {
            tiers[before!.Id].Pattern = before.Id;
        }

        db.SaveChanges();
    }
}
