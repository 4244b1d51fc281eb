using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.HttpOverrides;
using MudBlazor;
using MudBlazor.Services;
using Opsmeter.Web.Components;
using Opsmeter.Web.Components.Pages.Budgets;
using Opsmeter.Web.Components.Pages.Tiers;

namespace Opsmeter.Web.Hosting;

/// <summary>The pages: Razor components, MudBlazor, antiforgery, error pages and the headers that guard them.</summary>
internal static class WebPages
{
    /// <summary>Registers what the pages need.</summary>
    public static IServiceCollection AddWebPages(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(HostingOptions.Read(configuration));
        services.AddHttpContextAccessor();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "opsmeter-antiforgery";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddScoped<BudgetDesk>();
        services.AddScoped<ControlStart>();
        services.AddScoped<TierDesk>();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices(options =>
        {
            options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomRight;
            options.SnackbarConfiguration.PreventDuplicates = true;
            options.SnackbarConfiguration.MaxDisplayedSnackbars = 4;

            // The text of the page shines through anything less.
            options.SnackbarConfiguration.MaximumOpacity = 100;
        });
        return services;
    }

    /// <summary>Error pages and security headers. Goes first, before authentication, so that every answer has them.</summary>
    public static WebApplication UseWebPages(this WebApplication app)
    {
        app.UseTrustedProxies();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<UnclearRequests>();
        app.UseMiddleware<HostCookies>();
        app.UseMiddleware<OriginCheck>();
        app.UseKeyRoutes();
        if (!app.Environment.IsDevelopment())
        {
            app.UseExceptionHandler("/Error", createScopeForErrors: true);
        }

        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.Use((context, next) =>
        {
            if (!IsMissingPage(context) && context.Features.Get<IStatusCodePagesFeature>() is { } pages)
            {
                pages.Enabled = false;
            }

            return next(context);
        });
        return app;
    }

    /// <summary>Antiforgery, static files and components. Goes after authentication and authorization.</summary>
    public static WebApplication MapWebPages(this WebApplication app)
    {
        app.UseAntiforgery();
        app.MapStaticAssets();

        // Every page asks for a member but those that say otherwise.
        app.MapRazorComponents<App>()
            .RequireAuthorization()
            .AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
        return app;
    }

    // Without a trusted proxy nobody's word is taken for where a request came from, or how.
    private static void UseTrustedProxies(this WebApplication app)
    {
        var hosting = app.Services.GetRequiredService<HostingOptions>();
        if (hosting.TrustedProxies.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost, ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in hosting.TrustedProxies)
        {
            options.KnownIPNetworks.Add(network);
        }

        app.UseForwardedHeaders(options);
    }

    // Programs get their problem as JSON from the API; only someone who reads HTML gets a page instead.
    private static bool IsMissingPage(HttpContext context) =>
        (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && !context.Request.Path.StartsWithSegments("/v1");
}
