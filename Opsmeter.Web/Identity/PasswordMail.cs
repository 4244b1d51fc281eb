using Opsmeter.Web.Storage;
using Microsoft.EntityFrameworkCore;

namespace Opsmeter.Web.Identity;

/// <summary>Mails members who forgot their password a link. It works behind the answer, which tells nothing by what it says or how long it takes.</summary>
public sealed partial class PasswordMail(
    AccountMail mail, AccountLinks links, IDbContextFactory<OpsmeterDb> databases, AttemptLimit attempts, IHostApplicationLifetime lifetime, ILogger<PasswordMail> logger)
{
    /// <summary>True where mail can be sent.</summary>
    public bool IsSet => mail.IsSet;

    /// <summary>Sends a link, if somebody has this address.</summary>
    public void Ask(HttpContext context, string email)
    {
        ArgumentNullException.ThrowIfNull(email);
        if (!mail.IsSet || !attempts.MayTry(context))
        {
            return;
        }

        // Each counts, right or not: nobody is to be flooded with mail.
        attempts.CountWrong(context);
        _ = Task.Run(() => SendAsync(email.Trim()), lifetime.ApplicationStopping);
    }

    private async Task SendAsync(string email)
    {
        try
        {
            var name = email.ToUpperInvariant();
            await using var db = await databases.CreateDbContextAsync();
            var member = await db.Users.AsNoTracking().SingleOrDefaultAsync(row => row.NormalizedEmail == name);
            var workspace = member is null ? null
                : await db.Memberships.Where(row => row.MemberId == member.Id && row.SuspendedTicks == null).Select(row => (int?)row.WorkspaceId).FirstOrDefaultAsync();
            if (workspace is null || await links.CreateAsync(workspace.Value, AccountLinkKind.NewPassword, member!.Email!, Role.Viewer, member.Email!) is not { } secret)
            {
                return;
            }

            var problem = await mail.SendAsync!(
                member.Email!,
                "A new password for Opsmeter",
                $"Somebody asked for a new password for {member.Email} on Opsmeter. This link sets one, once, within two hours:\n\n"
                + $"{new Uri(mail.Base!, "account/new-password?token=" + secret)}\n\nIf it was not you, do nothing: the old password stays.\n");
            if (problem is not null)
            {
                LogNotSent(logger, problem);
            }
        }
        catch (Exception error) when (error is System.Data.Common.DbException or DbUpdateException or IOException or System.Net.Sockets.SocketException)
        {
            LogNotSent(logger, error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A mail with a link for a new password could not be sent: {Problem}")]
    private static partial void LogNotSent(ILogger logger, string problem);
}
