using Microsoft.EntityFrameworkCore;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary>The channels of a workspace, for the API and the pages. Neither addresses nor secrets are in the audit log.</summary>
public sealed class ChannelPolicies(IDbContextFactory<OpsmeterDb> databases, LedgerWriter writer, OutboundAddresses addresses)
{
    /// <summary>How long messages are signed with the former secret too.</summary>
    public static readonly TimeSpan FormerSecretKept = TimeSpan.FromHours(24);

    private const int MostChannels = 100;
    private static readonly TimeSpan LongestLookup = TimeSpan.FromSeconds(5);

    /// <summary>The channels, by name.</summary>
    public async Task<IReadOnlyList<Versioned<ChannelItem>>> ListAsync(int workspaceId)
    {
        await using var db = await databases.CreateDbContextAsync();
        var rows = await db.Channels.AsNoTracking().Where(row => row.WorkspaceId == workspaceId).ToArrayAsync();
        return [.. rows.OrderBy(row => row.Name, StringComparer.OrdinalIgnoreCase).Select(row => Of(row))];
    }

    /// <summary>One channel, or null.</summary>
    public async Task<Versioned<ChannelItem>?> FindAsync(int workspaceId, string id)
    {
        await using var db = await databases.CreateDbContextAsync();
        var row = await db.Channels.AsNoTracking().SingleOrDefaultAsync(row => row.WorkspaceId == workspaceId && row.Id == id);
        return row is null ? null : Of(row);
    }

    /// <summary>Makes a channel; its answer alone has the secret that was made for it.</summary>
    public async Task<PolicyResult<ChannelItem>> CreateAsync(int workspaceId, ChannelDraft draft, string actor)
    {
        var (channel, secret, errors) = ChannelRules.Check(draft, hasSecret: false, PolicyStore.NewId("chn_"));
        if (channel is null || (errors = await CheckAddressAsync(channel)).Count > 0)
        {
            return new PolicyResult<ChannelItem>.Invalid(errors);
        }

        return await writer.EditAsync(workspaceId, (db, now) =>
        {
            if (IsTaken(db, workspaceId, channel))
            {
                return PolicyStore.Refuse(Taken());
            }

            if (db.Channels.Count(row => row.WorkspaceId == workspaceId) >= MostChannels)
            {
                return PolicyStore.Refuse<ChannelItem>(new PolicyResult<ChannelItem>.Taken("name", $"Delete one first: a workspace has at most {MostChannels} channels."));
            }

            var row = new ChannelRow
            {
                Id = channel.Id, WorkspaceId = workspaceId, Name = channel.Name, Document = PolicyStore.Write(channel), Secret = secret, Version = 1,
                CreatedTicks = now.UtcTicks, UpdatedTicks = now.UtcTicks,
            };
            db.Channels.Add(row);
            db.Audit(workspaceId, now, actor, "channel.create", channel.Id, null, Public(channel));
            return PolicyStore.Keep(Of(row, secret).Document, 1, []);
        });
    }

    /// <summary>Replaces a channel whole; with a version, only while that is its version. One that was given up is used again.</summary>
    public async Task<PolicyResult<ChannelItem>> ReplaceAsync(int workspaceId, string id, ChannelDraft draft, int? version, string actor)
    {
        if (await FindAsync(workspaceId, id) is not { } known)
        {
            return new PolicyResult<ChannelItem>.Missing();
        }

        // Another kind or place gets a secret of its own.
        var mayKeep = known.Document.HasSecret && known.Document.Kind == draft.Kind;
        var (channel, secret, errors) = ChannelRules.Check(draft, mayKeep, id);
        if (channel is null || (errors = await CheckAddressAsync(channel)).Count > 0)
        {
            return new PolicyResult<ChannelItem>.Invalid(errors);
        }

        return await writer.EditAsync(workspaceId, (db, now) =>
        {
            if (Find(db, workspaceId, id, version, out var row) is { } refused)
            {
                return PolicyStore.Refuse(refused);
            }

            if (IsTaken(db, workspaceId, channel))
            {
                return PolicyStore.Refuse(Taken());
            }

            if (channel.Name != row!.Name && PolicyStore.UseOf(db, workspaceId, row.Name) is { } use)
            {
                return PolicyStore.Refuse<ChannelItem>(new PolicyResult<ChannelItem>.Taken("name", $"Take it out of {use} first: that names it."));
            }

            var before = PolicyStore.Read<ChannelDocument>(row.Document);
            db.Audit(workspaceId, now, actor, "channel.replace", id, Public(before), Public(channel));
            (row.Name, row.Document, row.UpdatedTicks) = (channel.Name, PolicyStore.Write(channel), now.UtcTicks);
            if (secret is not null && secret != row.Secret)
            {
                (row.FormerSecret, row.FormerSecretUntilTicks) = before.Kind == channel.Kind ? (row.Secret, (long?)(now + FormerSecretKept).UtcTicks) : (null, null);
            }

            row.Secret = secret ?? (mayKeep ? row.Secret : null);
            (row.FailingSinceTicks, row.ParkedTicks, row.ParkedReason) = (null, null, null);
            row.Version++;
            return PolicyStore.Keep(Of(row, secret).Document, row.Version, []);
        });
    }

    /// <summary>Deletes a channel; what waited for it is sent no more.</summary>
    public Task<PolicyResult<ChannelItem>> DeleteAsync(int workspaceId, string id, int? version, string actor) =>
        writer.EditAsync(workspaceId, (db, now) =>
        {
            if (Find(db, workspaceId, id, version, out var row) is { } refused)
            {
                return PolicyStore.Refuse(refused);
            }

            if (PolicyStore.UseOf(db, workspaceId, row!.Name) is { } use)
            {
                return PolicyStore.Refuse<ChannelItem>(new PolicyResult<ChannelItem>.Taken("name", $"Take it out of {use} first: that names it."));
            }

            db.Channels.Remove(row);
            db.Audit(workspaceId, now, actor, "channel.delete", id, Public(PolicyStore.Read<ChannelDocument>(row.Document)), null);
            return PolicyStore.Keep(Of(row).Document, row.Version, []);
        });

    private async Task<IReadOnlyDictionary<string, string[]>> CheckAddressAsync(ChannelDocument channel)
    {
        var errors = new FieldErrors();
        var host = channel.Kind != ChannelKind.Email ? new Uri(channel.Url).IdnHost : MailRoute.TryParse(channel.Url, out var route) ? route.Server : null;
        if (host is not null)
        {
            using var limit = new CancellationTokenSource(LongestLookup);
            try
            {
                await addresses.FindAsync(host, limit.Token);
            }
            catch (AddressRefusedException refused) when (refused.IsPrivate)
            {
                errors.Add("url", refused.Message);
            }
            catch (Exception error) when (error is AddressRefusedException or OperationCanceledException)
            {
                // A name that cannot be looked up now may be known by the time that something is sent.
            }
        }

        return errors.ToDictionary();
    }

    private static PolicyResult<ChannelItem>? Find(OpsmeterDb db, int workspaceId, string id, int? version, out ChannelRow? row)
    {
        row = db.Channels.SingleOrDefault(row => row.WorkspaceId == workspaceId && row.Id == id);
        return row is null ? new PolicyResult<ChannelItem>.Missing()
            : version is { } expected && expected != row.Version ? new PolicyResult<ChannelItem>.ChangedSince(Of(row))
            : null;
    }

    private static bool IsTaken(OpsmeterDb db, int workspaceId, ChannelDocument channel) =>
        db.Channels.Any(row => row.WorkspaceId == workspaceId && row.Name == channel.Name && row.Id != channel.Id);

    private static PolicyResult<ChannelItem> Taken() => new PolicyResult<ChannelItem>.Taken("name", "Write another name: a channel of this workspace has this one.");

    private static string Public(ChannelDocument channel) => PolicyStore.Write(new { channel.Name, channel.Kind });

    private static Versioned<ChannelItem> Of(ChannelRow row, string? secret = null)
    {
        var document = PolicyStore.Read<ChannelDocument>(row.Document);
        return new Versioned<ChannelItem>(
            new ChannelItem
            {
                Id = row.Id, Name = row.Name, Kind = document.Kind, Url = document.Url, HasSecret = row.Secret is not null,
                Secret = document.Kind == ChannelKind.Webhook ? secret : null, FailingSince = At(row.FailingSinceTicks), ParkedAt = At(row.ParkedTicks), ParkedReason = row.ParkedReason,
            },
            row.Version);
    }

    private static DateTimeOffset? At(long? ticks) => ticks is { } known ? new DateTimeOffset(known, TimeSpan.Zero) : null;
}
