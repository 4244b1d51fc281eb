using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Identity;

/// <summary>What a signed-in member's cookie says: who, in which workspace, in which role.</summary>
internal sealed class MemberClaims(UserManager<MemberRow> members, IOptions<IdentityOptions> options, OpsmeterDb db)
    : UserClaimsPrincipalFactory<MemberRow>(members, options)
{
    /// <inheritdoc />
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(MemberRow user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        var membership = await db.Memberships.AsNoTracking().FirstOrDefaultAsync(row => row.MemberId == user.Id);
        if (membership is not null)
        {
            identity.AddClaim(new Claim(
                Visitor.WorkspaceClaim, membership.WorkspaceId.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            identity.AddClaim(new Claim(ClaimTypes.Role, membership.Role));
        }

        return identity;
    }
}
