using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Identity;

/// <summary>Registers who may do what.</summary>
public static class IdentityServices
{
    private const int HashIterations = 210_000;
    private const int AttemptsBeforeLock = 10;
    private static readonly TimeSpan Halfway = TimeSpan.FromMinutes(5);

    /// <summary>Keys, members, cookies and the first set-up.</summary>
    public static IServiceCollection AddOpsmeterIdentity(this IServiceCollection services, IConfiguration configuration)
    {
        var provider = SignInProvider.Read(configuration);
        services.AddSingleton(provider);
        services.AddSingleton<KeyRing>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<KeyRates>();
        services.AddHostedService<KeyUse>();
        services.AddSingleton<Members>();
        services.AddSingleton<MemberRoll>();
        services.AddSingleton<MemberSessions>();
        services.AddHostedService<SessionKeeper>();
        services.AddSingleton<AttemptLimit>();
        services.AddSingleton<UsedCodes>();
        services.AddSingleton<Passkeys>();
        services.AddSingleton<AccountLinks>();
        services.AddSingleton<MemberRoles>();
        services.AddSingleton<SecondFactor>();
        services.AddSingleton<PasswordMail>();
        services.AddSingleton<Workspaces>();
        services.Configure<IdentityPasskeyOptions>(options =>
        {
            // A passkey stands for the address and the password together: it is found by the device, which checks who holds it.
            options.ResidentKeyRequirement = "required";
            options.UserVerificationRequirement = "required";
        });
        services.AddSingleton<FirstStart>();
        services.AddSingleton<SetUpCode>();
        services.AddScoped<SignIn>();
        services.AddSingleton<IValidateOptions<SetUpOptions>, SetUpOptions.Validation>();
        services.AddOptions<SetUpOptions>().BindConfiguration(SetUpOptions.Section);
        services.AddCookies().AddProvider(provider);
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
            .AddTokenProvider<AuthenticatorTokenProvider<MemberRow>>(TokenOptions.DefaultAuthenticatorProvider)
            .AddPasswordValidator<PasswordRules>();
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = HashIterations);
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

    private static AuthenticationBuilder AddCookies(this IServiceCollection services)
    {
        // In the data folder, so that a restart or a new container signs nobody out.
        services.AddDataProtection().SetApplicationName("opsmeter");
        services.AddOptions<KeyManagementOptions>().Configure<StorageOptions, ILoggerFactory>((options, storage, loggers) =>
            options.XmlRepository = new FileSystemXmlRepository(
                new DirectoryInfo(Path.Combine(Path.GetFullPath(storage.DataDirectory), "keys")), loggers));
        services.AddAuthorization();
        return services.AddAuthentication(IdentityConstants.ApplicationScheme)
            .AddCookie(IdentityConstants.ApplicationScheme, options =>
            {
                Guard(options.Cookie, "opsmeter");
                options.ExpireTimeSpan = MemberSessions.Idle;
                options.SlidingExpiration = true;
                options.LoginPath = "/account/sign-in";
                options.AccessDeniedPath = "/account/sign-in";
                options.ReturnUrlParameter = "returnUrl";
                options.Events.OnValidatePrincipal = LookUpAsync;
            })
            .AddCookie(IdentityConstants.TwoFactorUserIdScheme, options =>
            {
                Guard(options.Cookie, "opsmeter-halfway");
                options.ExpireTimeSpan = Halfway;
            })
            .AddCookie(IdentityConstants.ExternalScheme, options =>
            {
                Guard(options.Cookie, "opsmeter-provider");
                options.ExpireTimeSpan = Halfway;
            });
    }

    private static void AddProvider(this AuthenticationBuilder builder, SignInProvider provider)
    {
        if (provider.Authority is null)
        {
            return;
        }

        builder.AddOpenIdConnect(ProviderApi.Scheme, options =>
        {
            options.SignInScheme = IdentityConstants.ExternalScheme;
            options.Authority = provider.Authority;
            options.ClientId = provider.ClientId;
            options.ClientSecret = provider.ClientSecret;
            options.CallbackPath = "/account/provider/callback";
            options.ResponseType = OpenIdConnectResponseType.Code;
            options.ResponseMode = OpenIdConnectResponseMode.Query;
            options.RequireHttpsMetadata = !new Uri(provider.Authority).IsLoopback;
            options.GetClaimsFromUserInfoEndpoint = true;
            options.MapInboundClaims = false;
            options.Scope.Clear();
            options.Scope.Add("openid");
            options.Scope.Add("email");
            Guard(options.CorrelationCookie, "opsmeter-correlation.");
            Guard(options.NonceCookie, "opsmeter-nonce.");
            options.ClaimActions.MapUniqueJsonKey("email", "email");
            options.ClaimActions.MapUniqueJsonKey("email_verified", "email_verified");
            options.Events.OnRemoteFailure = context =>
            {
                context.Response.Redirect(ProviderApi.Refused);
                context.HandleResponse();
                return Task.CompletedTask;
            };
        });
    }

    private static void Guard(CookieBuilder cookie, string name)
    {
        cookie.Name = name;
        cookie.HttpOnly = true;
        cookie.SameSite = SameSiteMode.Lax;
        cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
    }

    // The cookie says which session; what its member may do is looked up anew for each request.
    private static async Task LookUpAsync(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        if (context.Principal?.FindFirst(Visitor.SessionClaim)?.Value is { } session
            && await services.GetRequiredService<MemberRoll>().FindAsync(session) is { } visitor)
        {
            services.GetRequiredService<MemberSessions>().Note(session);
            context.ReplacePrincipal(visitor.ToPrincipal(context.Scheme.Name));
            return;
        }

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(context.Scheme.Name);
    }
}
