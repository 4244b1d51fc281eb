using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Views;

/// <summary>
/// The views that members keep for themselves. Each sees and changes their own alone, whatever their role: what a view shows
/// is read anew, with the rights of whoever opens it.
/// </summary>
public sealed class SavedViews(IDbContextFactory<OpsmeterDb> databases, TimeProvider time)
{
    /// <summary>The longest name.</summary>
    public const int LongestName = 80;

    /// <summary>How many a member may keep: a list that is still read.</summary>
    public const int MostOfMember = 100;

    /// <summary>The longest address: what browsers and proxies pass on.</summary>
    public const int LongestAddress = 2_000;

    private const string NotThere = "This view is no longer there.";

    /// <summary>A member's views, by name.</summary>
    public async Task<IReadOnlyList<SavedView>> ListAsync(Visitor member, CancellationToken cancellation = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = await Of(db, member).AsNoTracking().ToArrayAsync(cancellation);
        return [.. rows.Select(ViewOf).OrderBy(view => view.Name, StringComparer.OrdinalIgnoreCase).ThenBy(view => view.Page, StringComparer.Ordinal)];
    }

    /// <summary>Keeps a page and its query.</summary>
    /// <param name="member">Whose view it is.</param>
    /// <param name="name">What they call it.</param>
    /// <param name="page">The page's address, relative to the base.</param>
    /// <param name="query">The query: empty, or beginning with <c>?</c>.</param>
    /// <param name="isReplacing">True to take the place of their view of this page that has the name.</param>
    /// <returns>What is wrong, or null when it is kept.</returns>
    /// <exception cref="ArgumentException">The page or the query is none.</exception>
    public async Task<string?> SaveAsync(Visitor member, string name, string page, string query, bool isReplacing = false)
    {
        if (page.StartsWith('/') || page.StartsWith('\\') || page.Contains(':', StringComparison.Ordinal) || page.IndexOfAny(['?', '#']) >= 0)
        {
            throw new ArgumentException("Must be the address of a page, relative to the base.", nameof(page));
        }

        if (query.Length > 0 && query[0] != '?')
        {
            throw new ArgumentException("Must be empty or begin with a question mark.", nameof(query));
        }

        name = name.Trim();
        if (ProblemOf(name) is { } wrong)
        {
            return wrong;
        }

        if (page.Length + query.Length > LongestAddress)
        {
            return "This view has too many filters to be saved. Remove some.";
        }

        await using var db = await databases.CreateDbContextAsync();

        // It takes the write lock at once: nobody adds another between the counting and the writing.
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable);
        if (isReplacing)
        {
            await Named(db, member, page, name).ExecuteDeleteAsync();
        }

        if (await Of(db, member).CountAsync() >= MostOfMember)
        {
            return $"You keep {MostOfMember} views, which is the most. Delete one first.";
        }

        if (await Named(db, member, page, name).AnyAsync())
        {
            return TakenText(name);
        }

        db.SavedViews.Add(new SavedViewRow
        {
            WorkspaceId = member.WorkspaceId, MemberId = member.MemberId, Name = name, Page = page, Query = query,
            CreatedTicks = time.GetUtcNow().UtcTicks,
        });
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return null;
    }

    /// <summary>Gives a view another name.</summary>
    /// <returns>What is wrong, or null when it has the name.</returns>
    public async Task<string?> RenameAsync(Visitor member, long id, string name)
    {
        name = name.Trim();
        if (ProblemOf(name) is { } wrong)
        {
            return wrong;
        }

        await using var db = await databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable);
        if (await Of(db, member).SingleOrDefaultAsync(row => row.Id == id) is not { } row)
        {
            return NotThere;
        }

        if (await Named(db, member, row.Page, name).AnyAsync(other => other.Id != id))
        {
            return TakenText(name);
        }

        row.Name = name;
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return null;
    }

    /// <summary>Deletes a view.</summary>
    /// <returns>False when it was no longer there.</returns>
    public async Task<bool> DeleteAsync(Visitor member, long id)
    {
        await using var db = await databases.CreateDbContextAsync();
        return await Of(db, member).Where(row => row.Id == id).ExecuteDeleteAsync() > 0;
    }

    /// <summary>True for an exception that means: the store could not take it just now, and it may be tried again.</summary>
    public static bool IsFailure(Exception error) => error is DbException or DbUpdateException;

    private static IQueryable<SavedViewRow> Of(OpsmeterDb db, Visitor member) =>
        db.SavedViews.Where(row => row.WorkspaceId == member.WorkspaceId && row.MemberId == member.MemberId);

    private static IQueryable<SavedViewRow> Named(OpsmeterDb db, Visitor member, string page, string name) =>
        Of(db, member).Where(row => row.Page == page && row.Name == name);

    private static string? ProblemOf(string name) => name.Length switch
    {
        0 => "Write a name.",
        > LongestName => $"At most {LongestName} characters.",
        _ => null,
    };

    private static string TakenText(string name) => $"Write another name: a view of this page is called “{name}”.";

    private static SavedView ViewOf(SavedViewRow row) => new(row.Id, row.Name, row.Page, row.Query);
}
