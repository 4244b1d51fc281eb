using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Opsmeter.Web.Storage;

/// <summary>
/// All tables, for everything that people edit and for migrations. The hot path of the ledger writes the same tables with
/// prepared statements, in SqliteLedger.
/// </summary>
public sealed class OpsmeterDb(DbContextOptions<OpsmeterDb> options) : IdentityUserContext<MemberRow>(options)
{
    public DbSet<WorkspaceRow> Workspaces => Set<WorkspaceRow>();

    public DbSet<MembershipRow> Memberships => Set<MembershipRow>();

    public DbSet<SessionRow> Sessions => Set<SessionRow>();

    public DbSet<AccountLinkRow> AccountLinks => Set<AccountLinkRow>();

    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();

    public DbSet<SavedViewRow> SavedViews => Set<SavedViewRow>();

    public DbSet<BudgetRow> Budgets => Set<BudgetRow>();

    public DbSet<TierRow> Tiers => Set<TierRow>();

    public DbSet<DimensionRow> Dimensions => Set<DimensionRow>();

    public DbSet<PriceVersionRow> PriceVersions => Set<PriceVersionRow>();

    public DbSet<RequestRow> Requests => Set<RequestRow>();

    public DbSet<CorrectionRow> Corrections => Set<CorrectionRow>();

    public DbSet<LedgerStartRow> LedgerStart => Set<LedgerStartRow>();

    public DbSet<SegmentRow> Segments => Set<SegmentRow>();

    public DbSet<SegmentColumnRow> SegmentColumns => Set<SegmentColumnRow>();

    public DbSet<MeterRow> Meters => Set<MeterRow>();

    public DbSet<TransitionRow> Transitions => Set<TransitionRow>();

    public DbSet<AlertRow> Alerts => Set<AlertRow>();

    public DbSet<IncidentRow> Incidents => Set<IncidentRow>();

    public DbSet<ChannelRow> Channels => Set<ChannelRow>();

    public DbSet<EscalationRow> Escalations => Set<EscalationRow>();

    public DbSet<NoticeRow> Notices => Set<NoticeRow>();

    public DbSet<OutboxRow> Outbox => Set<OutboxRow>();

    public DbSet<DeliveryAttemptRow> DeliveryAttempts => Set<DeliveryAttemptRow>();

    public DbSet<ReviewRow> Reviews => Set<ReviewRow>();

    public DbSet<HoldRow> Holds => Set<HoldRow>();

    public DbSet<EnforcementRow> Enforcement => Set<EnforcementRow>();

    public DbSet<ContainmentRow> Containments => Set<ContainmentRow>();

    public DbSet<AuditRow> Audit => Set<AuditRow>();

    public DbSet<AuditSealRow> AuditSeals => Set<AuditSealRow>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        NameIdentityTables(builder);
        ConfigurePolicy(builder);
        ConfigureLedger(builder);
        UseSnakeCase(builder);
    }

    private static void NameIdentityTables(ModelBuilder builder)
    {
        builder.Entity<MemberRow>().ToTable("members");
        builder.Entity<IdentityUserClaim<string>>().ToTable("member_claims");
        builder.Entity<IdentityUserLogin<string>>().ToTable("member_logins");
        builder.Entity<IdentityUserToken<string>>().ToTable("member_tokens");

        // Said here, not by the version of Identity's schema: the version is read from the app's services, which the
        // writer's and the design tool's contexts do not have.
        builder.Entity<IdentityUserPasskey<string>>(entity =>
        {
            entity.ToTable("member_passkeys").HasKey(row => row.CredentialId);
            entity.HasIndex(row => row.UserId);
            entity.HasOne<MemberRow>().WithMany().HasForeignKey(row => row.UserId).IsRequired();
            entity.OwnsOne(row => row.Data, data => data.ToJson("data"));
        });
    }

    private static void ConfigurePolicy(ModelBuilder builder)
    {
        builder.Entity<WorkspaceRow>().ToTable("workspaces");
        builder.Entity<MembershipRow>().ToTable("memberships").HasKey(row => new { row.WorkspaceId, row.MemberId });
        builder.Entity<SessionRow>(entity =>
        {
            entity.ToTable("sessions");
            entity.HasIndex(row => row.MemberId);
        });
        builder.Entity<AccountLinkRow>(entity =>
        {
            entity.ToTable("account_links");
            entity.HasIndex(row => row.Hash).IsUnique();
            entity.HasIndex(row => new { row.WorkspaceId, row.Id });
        });
        builder.Entity<ApiKeyRow>(entity =>
        {
            entity.ToTable("api_keys");
            entity.HasIndex(row => row.Prefix).IsUnique();
        });
        builder.Entity<SavedViewRow>(entity =>
        {
            entity.ToTable("saved_views");
            entity.HasIndex(row => new { row.WorkspaceId, row.MemberId, row.Page, row.Name }).IsUnique();
        });
        builder.Entity<BudgetRow>(entity =>
        {
            entity.ToTable("budgets").HasKey(row => new { row.WorkspaceId, row.Id });
            entity.HasIndex(row => new { row.WorkspaceId, row.Name }).IsUnique();
        });
        builder.Entity<TierRow>(entity =>
        {
            entity.ToTable("tiers").HasKey(row => new { row.WorkspaceId, row.Id });
            entity.HasIndex(row => new { row.WorkspaceId, row.Pattern }).IsUnique();
        });
        builder.Entity<ChannelRow>(entity =>
        {
            entity.ToTable("channels").HasKey(row => new { row.WorkspaceId, row.Id });
            entity.HasIndex(row => new { row.WorkspaceId, row.Name }).IsUnique();
        });
        builder.Entity<EscalationRow>(entity =>
        {
            entity.ToTable("escalations").HasKey(row => new { row.WorkspaceId, row.Id });
            entity.HasIndex(row => new { row.WorkspaceId, row.Name }).IsUnique();
        });
        builder.Entity<AuditRow>(entity =>
        {
            entity.ToTable("audit");
            entity.HasIndex(row => new { row.WorkspaceId, row.AtTicks });
        });
        builder.Entity<AuditSealRow>(entity =>
        {
            entity.ToTable("audit_seals").HasKey(row => row.AuditId);
            entity.Property(row => row.AuditId).ValueGeneratedNever();
        });
    }

    private static void ConfigureLedger(ModelBuilder builder)
    {
        builder.Entity<DimensionRow>(entity =>
        {
            entity.ToTable("dimensions");
            entity.HasIndex(row => new { row.WorkspaceId, row.Kind, row.Text }).IsUnique();
        });
        builder.Entity<PriceVersionRow>(entity =>
        {
            entity.ToTable("price_versions");
            entity.HasIndex(row => row.Document).IsUnique();
        });
        builder.Entity<RequestRow>(entity =>
        {
            entity.ToTable("requests").HasKey(row => row.Seq);
            entity.Property(row => row.Seq).ValueGeneratedNever();
            entity.HasIndex(row => new { row.WorkspaceId, row.ExternalId, row.Revision }).IsUnique();
            entity.HasIndex(row => new { row.WorkspaceId, row.OccurredTicks });

            // Few ids have a second revision; listing them must not read every request.
            entity.HasIndex(row => new { row.WorkspaceId, row.ExternalId }).HasFilter("revision > 1");
        });
        builder.Entity<CorrectionRow>(entity =>
        {
            entity.ToTable("corrections");
            entity.HasIndex(row => row.RequestSeq);
        });
        builder.Entity<LedgerStartRow>(entity =>
        {
            entity.ToTable("ledger_start");
            entity.Property(row => row.Id).ValueGeneratedNever();
        });
        builder.Entity<SegmentRow>(entity =>
        {
            entity.ToTable("segments");
            entity.Property(row => row.Id).ValueGeneratedNever();
            entity.HasIndex(row => new { row.WorkspaceId, row.Id });
        });
        builder.Entity<SegmentColumnRow>(entity =>
        {
            entity.ToTable("segment_columns").HasKey(row => row.Place);
            entity.Property(row => row.Place).ValueGeneratedNever();
        });
        builder.Entity<MeterRow>(entity =>
        {
            entity.ToTable("meters").HasKey(row => new { row.WorkspaceId, row.BudgetId, row.Key, row.WindowStartTicks });
            entity.HasIndex(row => new { row.WorkspaceId, row.WindowEndTicks });
        });
        builder.Entity<TransitionRow>(entity =>
        {
            entity.ToTable("transitions");
            entity.HasIndex(row => new { row.WorkspaceId, row.RecordedTicks });
            entity.HasIndex(row => new { row.WorkspaceId, row.BudgetId, row.RecordedTicks });
        });
        builder.Entity<AlertRow>(entity =>
        {
            entity.ToTable("alerts");
            entity.HasIndex(row => new { row.WorkspaceId, row.RecordedTicks });
            entity.HasIndex(row => new { row.WorkspaceId, row.BudgetId, row.WindowStartTicks, row.Key });
            entity.HasIndex(row => new { row.WorkspaceId, row.BudgetId, row.Key, row.WindowStartTicks });
        });
        builder.Entity<IncidentRow>(entity =>
        {
            entity.ToTable("incidents").HasKey(row => new { row.WorkspaceId, row.BudgetId, row.WindowStartTicks });
            entity.HasIndex(row => new { row.WorkspaceId, row.OpenedTicks });
        });
        builder.Entity<ReviewRow>().ToTable("reviews").HasKey(row => new { row.WorkspaceId, row.WeekStartTicks });
        builder.Entity<NoticeRow>(entity =>
        {
            entity.ToTable("notices");
            entity.HasIndex(row => new { row.DoneTicks, row.DueTicks });
            entity.HasIndex(row => new { row.WorkspaceId, row.BudgetId, row.WindowStartTicks });
        });
        builder.Entity<OutboxRow>(entity =>
        {
            entity.ToTable("outbox");
            entity.HasIndex(row => row.NextAttemptTicks);
            entity.HasIndex(row => row.MessageId).IsUnique();
            entity.HasIndex(row => new { row.NoticeId, row.Target }).IsUnique();
            entity.HasIndex(row => new { row.WorkspaceId, row.BudgetId, row.WindowStartTicks });
        });
        builder.Entity<DeliveryAttemptRow>(entity =>
        {
            entity.ToTable("delivery_attempts");
            entity.HasIndex(row => row.OutboxId);
        });
        builder.Entity<HoldRow>(entity =>
        {
            entity.ToTable("holds");
            entity.HasIndex(row => new { row.WorkspaceId, row.ExternalId, row.BudgetId }).IsUnique();
        });
        builder.Entity<EnforcementRow>(entity =>
        {
            entity.ToTable("enforcement");
            entity.HasKey(row => new { row.WorkspaceId, row.BudgetId, row.Key, row.EndpointTag });
        });
        builder.Entity<ContainmentRow>(entity =>
        {
            entity.ToTable("containments");
            entity.HasIndex(row => new { row.WorkspaceId, row.UntilTicks });
        });
    }

    /// <summary>Plain lower-case names read the same in SQLite and PostgreSQL, quoted or not.</summary>
    private static void UseSnakeCase(ModelBuilder builder)
    {
        foreach (var entity in builder.Model.GetEntityTypes().Where(type => !type.IsMappedToJson()))
        {
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(SnakeCase(property.Name));
            }

            foreach (var key in entity.GetKeys())
            {
                key.SetName("pk_" + entity.GetTableName());
            }

            foreach (var index in entity.GetIndexes())
            {
                var columns = index.Properties.Select(property => SnakeCase(property.Name));
                index.SetDatabaseName($"ix_{entity.GetTableName()}_{string.Join('_', columns)}");
            }
        }
    }

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
