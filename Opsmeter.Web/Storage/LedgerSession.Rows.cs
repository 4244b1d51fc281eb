using Opsmeter.Core;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Storage;

// Rows: taken, counted, revised and taken back.
internal sealed partial class LedgerSession
{
    /// <summary>Stores one row, counts it and evaluates what it moved.</summary>
    public LedgerAnswer Append(int workspaceId, LedgerRow row)
    {
        var workspace = _workspaces[workspaceId];
        var answer = Take(workspace, row);
        if (answer.Outcome != LedgerOutcome.Overflow)
        {
            EndHold(workspace, row.Row.Request.ExternalRequestId);
        }

        return answer;
    }

    private LedgerAnswer Take(WorkspaceState workspace, LedgerRow row)
    {
        if (row.Supersede)
        {
            return AppendRevision(workspace, row);
        }

        if (WouldOverflow(workspace, row))
        {
            return new LedgerAnswer(LedgerOutcome.Overflow, 0, null);
        }

        if (!Ledger.TryInsert(workspace.Id, row, 1, Now, out var stored))
        {
            return AppendRevision(workspace, row);
        }

        Count(workspace, row.Row, stored, null, null);
        return new LedgerAnswer(LedgerOutcome.Stored, 1, row.Row.Cost);
    }

    /// <summary>Takes a counted row back.</summary>
    /// <returns>False when there is no such row, or it counts no longer.</returns>
    public bool Void(int workspaceId, string externalId, int revision, string actor, string reason)
    {
        var workspace = _workspaces[workspaceId];
        var row = Ledger.Revisions(workspaceId, externalId).Find(candidate => candidate.Revision == revision);
        if (row.Seq == 0 || row.Disposition != Disposition.Counted)
        {
            return false;
        }

        Facts.Add(workspaceId, row, Ledger.Correct(workspaceId, row.Seq, Disposition.Voided, Now, actor, reason));
        Changes(workspaceId).Transitions.AddRange(workspace.Pipeline.TakeBack(Decode(externalId, row), Now));
        return true;
    }

    /// <summary>The id is there, or the row says that it replaces it: a duplicate, a conflict or a replacement.</summary>
    private LedgerAnswer AppendRevision(WorkspaceState workspace, LedgerRow row)
    {
        var externalId = row.Row.Request.ExternalRequestId;
        var kept = Ledger.Revisions(workspace.Id, externalId);
        var probe = Ledger.Probe(workspace.Id, row);
        foreach (var other in kept)
        {
            if (other.HasSameBillingContent(probe))
            {
                return new LedgerAnswer(LedgerOutcome.Duplicate, other.Revision, other.Cost);
            }
        }

        if (WouldOverflow(workspace, row))
        {
            return new LedgerAnswer(LedgerOutcome.Overflow, 0, null);
        }

        var latest = kept.Count > 0 ? kept[^1] : (StoredRow?)null;
        var replaces = row.Supersede && latest is { Disposition: Disposition.Counted } ? latest : null;
        var revised = replaces is { } earlier && !row.OccurredAtGiven ? At(row, earlier.OccurredAt) : row;
        if (!Ledger.TryInsert(workspace.Id, revised, (latest?.Revision ?? 0) + 1, Now, out var stored))
        {
            throw new InvalidOperationException("A revision of a request appeared while it was being written.");
        }

        if (replaces is { } old)
        {
            Facts.Add(workspace.Id, old, Ledger.Correct(workspace.Id, old.Seq, Disposition.Replaced, Now, "sender", null));
        }

        Count(workspace, revised.Row, stored, replaces, externalId);
        var outcome = latest is null ? LedgerOutcome.Stored : row.Supersede ? LedgerOutcome.Superseded : LedgerOutcome.Conflict;
        return new LedgerAnswer(outcome, stored.Revision, revised.Row.Cost);
    }

    private void Count(WorkspaceState workspace, PricedRow row, in StoredRow stored, StoredRow? replaces, string? externalId)
    {
        Facts.Add(workspace.Id, stored, 0);
        var changes = Changes(workspace.Id);
        changes.Rows++;
        if (stored is { Environment: DeploymentEnvironment.Prod, DataMode: DataMode.Real })
        {
            changes.Production = (changes.Production.Requests + 1, changes.Production.Cost + (stored.Cost ?? Usd.Zero));
        }

        var old = replaces is { } replaced ? Decode(externalId!, replaced) : null;
        var transitions = workspace.Pipeline.Report(row, old, Now, _boards.EnforcementOf(workspace.Id).Asks, changes.Enforced);
        if (transitions.Count > 0)
        {
            changes.Transitions.AddRange(transitions);
        }
    }

    private static bool WouldOverflow(WorkspaceState workspace, LedgerRow row)
    {
        var cost = row.Row.Cost ?? workspace.Pipeline.Policy.AtCeiling(row.Row.Request.Usage);
        return cost.Nano > long.MaxValue - workspace.Pipeline.Recorded.Nano;
    }

    private PricedRow Decode(string externalId, in StoredRow row) => new(
        new LlmRequest
        {
            ExternalRequestId = externalId,
            Provider = Ledger.TextOf(row.ProviderSentId),
            Model = Ledger.TextOf(row.ModelId),
            EndpointTag = Ledger.TextOf(row.EndpointId),
            PromptVersion = Ledger.TextOf(row.VersionId),
            UserId = row.UserId is { } user ? Ledger.TextOf(user) : null,
            TenantId = row.TenantId is { } tenant ? Ledger.TextOf(tenant) : null,
            ApiKey = row.KeyId is { } key ? Ledger.TextOf(key) : null,
            Environment = row.Environment,
            DataMode = row.DataMode,
            ServiceTier = row.ServiceTier,
            Usage = row.Usage,
            OccurredAt = row.OccurredAt,
        },
        Ledger.TextOf(row.ProviderId),
        row.Cost);

    private static LedgerRow At(LedgerRow row, DateTimeOffset occurredAt) => new()
    {
        Row = row.Row with { Request = row.Row.Request with { OccurredAt = occurredAt } },
        Rates = row.Rates,
        Supersede = row.Supersede,
        OccurredAtGiven = row.OccurredAtGiven,
        ReceivedAt = row.ReceivedAt,
        Metadata = row.Metadata,
        ProviderResponseId = row.ProviderResponseId,
        Warnings = row.Warnings,
    };
}
