using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Identity;

/// <summary>The addresses that change a cookie, or talk to the browser's passkeys: what a page alone cannot do. All ask for the antiforgery token.</summary>
public static class AccountApi
{
    private const int LongestCredential = 32 * 1024;

    public static void MapAccount(this IEndpointRouteBuilder routes)
    {
        routes.MapProvider();
        var group = routes.MapGroup("/account").AddEndpointFilter(async (invocation, next) =>
            await invocation.HttpContext.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(invocation.HttpContext)
                ? await next(invocation)
                : Results.BadRequest());
        group.MapPost("/sign-out", LeaveAsync);
        group.MapPost("/workspace", MoveAsync).RequireAuthorization();
        group.MapPost("/passkey/offer", OfferAsync).RequireAuthorization();
        group.MapPost("/passkey/add", AddAsync).RequireAuthorization();
        group.MapPost("/passkey/ask", AskAsync);
        group.MapPost("/passkey/enter", EnterAsync);
    }

    /// <summary>True for an address below this app's own, and no other.</summary>
    public static bool IsLocal(string? address) =>
        address is ['/', ..] && address is not (['/', '/', ..] or ['/', '\\', ..]) && !address.Any(char.IsControl);

    private static async Task<IResult> LeaveAsync(SignIn signIn)
    {
        await signIn.LeaveAsync();
        return Results.LocalRedirect("/account/sign-in");
    }

    private static async Task<IResult> MoveAsync(HttpContext context, MemberSessions sessions)
    {
        var form = await context.Request.ReadFormAsync();
        return Visitor.Of(context.User) is { SessionId: { } session } visitor
            && int.TryParse(form["workspace"], NumberStyles.None, CultureInfo.InvariantCulture, out var workspace)
            && await sessions.MoveAsync(visitor.MemberId, session, workspace)
            ? Results.LocalRedirect("/")
            : Results.BadRequest();
    }

    private static async Task<IResult> OfferAsync(HttpContext context, SignInManager<MemberRow> manager)
    {
        var visitor = Visitor.Of(context.User)!;
        return Results.Text(
            await manager.MakePasskeyCreationOptionsAsync(new PasskeyUserEntity { Id = visitor.MemberId, Name = visitor.Email, DisplayName = visitor.Email }),
            "application/json");
    }

    private static async Task<IResult> AddAsync(HttpContext context, SignInManager<MemberRow> manager, Passkeys passkeys)
    {
        var visitor = Visitor.Of(context.User)!;
        if (await CredentialAsync(context) is not { } credential)
        {
            return Results.BadRequest();
        }

        var result = await manager.PerformPasskeyAttestationAsync(credential);
        return result.Succeeded && result.UserEntity.Id == visitor.MemberId && await passkeys.AddAsync(visitor, result.Passkey)
            ? Results.NoContent()
            : Results.BadRequest();
    }

    private static async Task<IResult> AskAsync(SignInManager<MemberRow> manager) =>
        Results.Text(await manager.MakePasskeyRequestOptionsAsync(null), "application/json");

    private static async Task<IResult> EnterAsync(HttpContext context, SignIn signIn) =>
        await CredentialAsync(context) is not { } credential ? Results.BadRequest()
        : await signIn.TryPasskeyAsync(credential) switch
        {
            SignIn.Outcome.Done => Results.NoContent(),
            SignIn.Outcome.TooMany => Results.StatusCode(StatusCodes.Status429TooManyRequests),
            SignIn.Outcome.NeedsCode or SignIn.Outcome.Wrong or SignIn.Outcome.Unsafe => Results.Unauthorized(),
        };

    private static async Task<string?> CredentialAsync(HttpContext context)
    {
        if (context.Request.ContentLength is not (> 0 and <= LongestCredential))
        {
            return null;
        }

        using var reader = new StreamReader(context.Request.Body);
        return await reader.ReadToEndAsync(context.RequestAborted);
    }
}
