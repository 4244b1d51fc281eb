using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Identity;

/// <summary>Registers who may do what.</summary>
public static class IdentityServices
{
    private const int HashIterations = 210_000;
    private const int AttemptsBeforeLock = 10;

    /// <summary>Keys, members, cookies and the first set-up.</summary>
    public static IServiceCollection AddOpsmeterIdentity(this IServiceCollection services)
    {
        services.AddSingleton<KeyRing>();
        services.AddSingleton<ApiKeys>();
        services.AddHostedService<KeyUse>();
        services.AddSingleton<Members>();
        services.AddSingleton<FirstStart>();
        services.AddSingleton<SetUpCode>();
        services.AddScoped<SignIn>();
        services.AddSingleton<IValidateOptions<SetUpOptions>, SetUpOptions.Validation>();
        services.AddOptions<SetUpOptions>().BindConfiguration(SetUpOptions.Section);
        services.AddCookies();
        services.AddIdentityCore<MemberRow>(options =>
            {
                options.Password = new PasswordOptions
                {
                    RequiredLength = PasswordRules.Shortest, RequireDigit = false, RequireLowercase = false,
                    RequireNonAlphanumeric = false, RequireUppercase = false,
                };
                options.Lockout.MaxFailedAccessAttempts = AttemptsBeforeLock;
                options.User.RequireUniqueEmail = true;
            })
            .AddEntityFrameworkStores<OpsmeterDb>()
            .AddSignInManager()
            .AddPasswordValidator<PasswordRules>()
            .AddClaimsPrincipalFactory<MemberClaims>();
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = HashIterations);
        services.Configure<SecurityStampValidatorOptions>(options => options.ValidationInterval = TimeSpan.FromMinutes(1));
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, MemberRevalidation>();
        return services;
    }

    /// <summary>Authentication, authorization, and the way to set-up while nobody can sign in.</summary>
    public static WebApplication UseOpsmeterIdentity(this WebApplication app)
    {
        app.UseAuthentication();
        app.Use(async (HttpContext context, RequestDelegate next) =>
        {
            if (context.GetEndpoint()?.Metadata is { } endpoint && endpoint.GetMetadata<IAuthorizeData>() is not null
                && endpoint.GetMetadata<IAllowAnonymous>() is null && !await context.RequestServices.GetRequiredService<Members>().AnyAsync())
            {
                context.Response.Redirect("/account/set-up");
                return;
            }

            await next(context);
        });
        app.UseAuthorization();
        return app;
    }

    /// <summary>The address that signs out.</summary>
    public static void MapAccount(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/account/sign-out", async (HttpContext context, IAntiforgery antiforgery, SignIn signIn) =>
        {
            if (!await antiforgery.IsRequestValidAsync(context))
            {
                return Results.BadRequest();
            }

            await signIn.LeaveAsync();
            return Results.LocalRedirect("/account/sign-in");
        });

    private static void AddCookies(this IServiceCollection services)
    {
        // In the data folder, so that a restart or a new container signs nobody out.
        services.AddDataProtection().SetApplicationName("opsmeter");
        services.AddOptions<KeyManagementOptions>().Configure<StorageOptions, ILoggerFactory>((options, storage, loggers) =>
            options.XmlRepository = new FileSystemXmlRepository(
                new DirectoryInfo(Path.Combine(Path.GetFullPath(storage.DataDirectory), "keys")), loggers));
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddCookie(IdentityConstants.ApplicationScheme, options =>
        {
            options.Cookie.Name = "opsmeter";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.ExpireTimeSpan = TimeSpan.FromDays(14);
            options.SlidingExpiration = true;
            options.LoginPath = "/account/sign-in";
            options.AccessDeniedPath = "/account/sign-in";
            options.ReturnUrlParameter = "returnUrl";
            options.Events.OnValidatePrincipal = SecurityStampValidator.ValidatePrincipalAsync;
        });
        services.AddAuthorization();
    }
}
