using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary>
/// Seals the audit log: each act is bound by SHA-256 to the seal before it, some seconds after it was written. Whoever
/// edits the file finds the acts there, but an act that was altered or taken out no longer fits, and is named.
/// </summary>
public sealed class AuditSeals(IDbContextFactory<OpsmeterDb> databases) : IDisposable
{
    /// <summary>The most faults that are listed.</summary>
    public const int MostFaults = 100;

    private const int AtOnce = 1_000;
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Seals what was written since the last time.</summary>
    /// <returns>How many acts.</returns>
    public async Task<int> SealAsync(CancellationToken cancellation = default)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var count = 0;
            while (true)
            {
                var sealedNow = await SealSomeAsync(cancellation);
                count += sealedNow;
                if (sealedNow < AtOnce)
                {
                    return count;
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Compares every act with its seal.</summary>
    /// <param name="workspaceId">Whose acts are counted and listed; the seals run through all workspaces.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<AuditCheck> VerifyAsync(int workspaceId, CancellationToken cancellation = default)
    {
        await SealAsync(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await using var snapshot = await db.Database.BeginTransactionAsync(cancellation);
        var (acts, last, before, faults) = (0L, 0L, Array.Empty<byte>(), new List<AuditFault>());
        while (true)
        {
            var seals = await db.AuditSeals.AsNoTracking().Where(seal => seal.AuditId > last).OrderBy(seal => seal.AuditId).Take(AtOnce).ToArrayAsync(cancellation);
            var to = seals.Length == AtOnce ? seals[^1].AuditId : long.MaxValue;
            var rows = await db.Audit.AsNoTracking().Where(row => row.Id > last && row.Id <= to).ToDictionaryAsync(row => row.Id, cancellation);
            foreach (var seal in seals)
            {
                var isThere = rows.Remove(seal.AuditId, out var row);
                if (!isThere || !HashOf(before, row!).AsSpan().SequenceEqual(seal.Hash))
                {
                    Add(seal.WorkspaceId, seal.AuditId, isThere ? AuditFault.Altered : AuditFault.Missing);
                }

                acts += seal.WorkspaceId == workspaceId ? 1 : 0;
                (before, last) = (seal.Hash, seal.AuditId);
            }

            // Between the acts that are sealed; what is younger than the last seal is sealed soon.
            foreach (var row in rows.Values.Where(row => row.Id < last))
            {
                Add(row.WorkspaceId, row.Id, AuditFault.Unsealed);
            }

            if (seals.Length < AtOnce)
            {
                break;
            }
        }

        var written = await LastWrittenAsync(db, cancellation);
        if (written > last && !await db.Audit.AnyAsync(row => row.Id == written, cancellation))
        {
            Add(workspaceId, written, AuditFault.Missing);
        }

        return new AuditCheck(acts, Convert.ToHexStringLower(before), [.. faults.OrderBy(fault => fault.Id)]);

        void Add(int workspace, long id, string what)
        {
            if (workspace == workspaceId && faults.Count < MostFaults)
            {
                faults.Add(new AuditFault(id, what));
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    private async Task<int> SealSomeAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var head = await db.AuditSeals.AsNoTracking().OrderByDescending(seal => seal.AuditId).FirstOrDefaultAsync(cancellation);
        var last = head?.AuditId ?? 0;
        var rows = await db.Audit.AsNoTracking().Where(row => row.Id > last).OrderBy(row => row.Id).Take(AtOnce).ToArrayAsync(cancellation);
        var before = head?.Hash ?? [];
        foreach (var row in rows)
        {
            before = HashOf(before, row);
            db.AuditSeals.Add(new AuditSealRow { AuditId = row.Id, WorkspaceId = row.WorkspaceId, Hash = before });
        }

        await db.SaveChangesAsync(cancellation);
        return rows.Length;
    }

    // The highest number that an act ever had: the database remembers it when the newest acts are gone.
    private static async Task<long> LastWrittenAsync(OpsmeterDb db, CancellationToken cancellation) =>
        await db.Database.SqlQuery<long>($"SELECT seq AS Value FROM sqlite_sequence WHERE name = 'audit'").FirstOrDefaultAsync(cancellation);

    // Every part with its length before it, so that no two acts have the same bytes.
    private static byte[] HashOf(byte[] before, AuditRow row)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(before);
        Number(row.Id);
        Number(row.WorkspaceId);
        Number(row.AtTicks);
        foreach (var text in (ReadOnlySpan<string?>)[row.Actor, row.Action, row.Target, row.Before, row.After])
        {
            var bytes = text is null ? [] : Encoding.UTF8.GetBytes(text);
            Number(text is null ? -1 : bytes.Length);
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();

        void Number(long value)
        {
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64BigEndian(bytes, value);
            hash.AppendData(bytes);
        }
    }
}
