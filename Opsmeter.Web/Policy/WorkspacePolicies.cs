using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Policy;

/// <summary>
/// The settings of a workspace, for the API and the pages. A change is on disk, audited and in force when it answers; it
/// throws <see cref="LedgerUnavailableException"/> when the store cannot take it.
/// </summary>
public sealed class WorkspacePolicies(IDbContextFactory<OpsmeterDb> databases, LedgerWriter writer)
{
    /// <summary>The settings.</summary>
    public async Task<Versioned<SettingsDocument>> ReadAsync(int workspaceId)
    {
        await using var db = await databases.CreateDbContextAsync();
        return Of(await db.Workspaces.AsNoTracking().SingleAsync(row => row.Id == workspaceId));
    }

    /// <summary>Replaces the settings; with a version, only while that is their version.</summary>
    public Task<PolicyResult<SettingsDocument>> ReplaceAsync(int workspaceId, SettingsDraft draft, int? version, string actor) =>
        writer.EditAsync(workspaceId, (db, now) =>
        {
            var row = db.Workspaces.Single(row => row.Id == workspaceId);
            if (version is { } expected && expected != row.Version)
            {
                return PolicyStore.Refuse<SettingsDocument>(new PolicyResult<SettingsDocument>.ChangedSince(Of(row)));
            }

            var before = Of(row).Document;
            var (settings, errors) = SettingsRules.Check(draft, before);
            if (settings is null)
            {
                return PolicyStore.Refuse<SettingsDocument>(new PolicyResult<SettingsDocument>.Invalid(errors));
            }

            return Overwrite(db, row, settings, now, actor);
        });

    /// <summary>Writes settings that were checked.</summary>
    internal static PolicyEdit<PolicyResult<SettingsDocument>> Overwrite(OpsmeterDb db, WorkspaceRow row, SettingsDocument settings, DateTimeOffset now, string actor)
    {
        var document = PolicyStore.Write(settings);
        if (document == row.Settings)
        {
            return PolicyStore.Refuse<SettingsDocument>(new PolicyResult<SettingsDocument>.Saved(Of(row)));
        }

        var before = Of(row).Document;
        if (settings.TenantFrom != before.TenantFrom)
        {
            CountTenantsFromNow(db, row.Id, now);
        }

        db.Audit(row.Id, now, actor, "settings.replace", row.Id.ToString(CultureInfo.InvariantCulture), row.Settings, document);
        row.Settings = document;
        row.Version++;
        return PolicyStore.Keep(settings, row.Version, Counts(before, settings) ? [] : null);
    }

    /// <summary>True when both count every request alike.</summary>
    private static bool Counts(SettingsDocument before, SettingsDocument after) =>
        before.TenantFrom == after.TenantFrom && before.CeilingPrice == after.CeilingPrice && before.DefaultTier == after.DefaultTier;

    /// <summary>Windows that ended hold the tenants as they were read then: late requests must not mix the two.</summary>
    private static void CountTenantsFromNow(OpsmeterDb db, int workspaceId, DateTimeOffset now)
    {
        foreach (var row in db.Budgets.Where(row => row.WorkspaceId == workspaceId))
        {
            var budget = PolicyStore.Read<BudgetDocument>(row.Document);
            if (budget.Per == Dimension.TenantId || budget.Conditions.Any(condition => condition.Dimension == Dimension.TenantId))
            {
                row.CountedFromTicks = PolicyStore.RunningWindowTicks(budget, now);
            }
        }
    }

    internal static Versioned<SettingsDocument> Of(WorkspaceRow row) => new(PolicyStore.Read<SettingsDocument>(row.Settings), row.Version);
}
