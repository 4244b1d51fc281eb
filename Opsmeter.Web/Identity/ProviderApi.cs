using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Identity;

/// <summary>
/// Signing in by a provider (OpenID Connect). It says who somebody is; who may enter is said here: a member with the same
/// verified e-mail, and from then on the same account of the provider.
/// </summary>
internal static class ProviderApi
{
    public const string Scheme = "oidc";

    /// <summary>Where somebody goes whom the provider, or this Opsmeter, does not let in.</summary>
    public const string Refused = "/account/sign-in?refused=1";

    public static void MapProvider(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetRequiredService<SignInProvider>().Authority is null)
        {
            return;
        }

        routes.MapGet("/account/provider", Ask);
        routes.MapGet("/account/provider/done", EnterAsync);
    }

    private static IResult Ask(HttpContext context, HostingOptions hosting, string? returnUrl) =>
        hosting.IsSafe(context)
            ? Results.Challenge(
                new AuthenticationProperties
                {
                    RedirectUri = "/account/provider/done?returnUrl=" + Uri.EscapeDataString(AccountApi.IsLocal(returnUrl) ? returnUrl! : "/"),
                },
                [Scheme])
            : Results.LocalRedirect("/account/sign-in");

    private static async Task<IResult> EnterAsync(HttpContext context, UserManager<MemberRow> members, SignIn signIn, SignInProvider provider, string? returnUrl)
    {
        var answer = await context.AuthenticateAsync(IdentityConstants.ExternalScheme);
        await context.SignOutAsync(IdentityConstants.ExternalScheme);
        if (answer.Principal is not { } principal || principal.FindFirst("sub") is not { Value.Length: > 0 } subject)
        {
            return Results.LocalRedirect(Refused);
        }

        // The same person at another issuer is another person.
        var login = new UserLoginInfo(Scheme, $"{subject.Issuer}|{subject.Value}", provider.Name);
        var member = await members.FindByLoginAsync(login.LoginProvider, login.ProviderKey);
        if (member is null && principal.FindFirst("email")?.Value is { Length: > 0 } email
            && bool.TryParse(principal.FindFirst("email_verified")?.Value, out var isVerified) && isVerified)
        {
            member = await members.FindByEmailAsync(email);
            if (member is not null && !(await members.AddLoginAsync(member, login)).Succeeded)
            {
                member = null;
            }
        }

        return member is not null && await signIn.EnterAsync(member, remember: false, provider.Name!) == SignIn.Outcome.Done
            ? Results.LocalRedirect(AccountApi.IsLocal(returnUrl) ? returnUrl! : "/")
            : Results.LocalRedirect(Refused);
    }
}
