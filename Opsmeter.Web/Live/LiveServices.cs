using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Live;

/// <summary>Registers and maps what is live.</summary>
public static class LiveServices
{
    /// <summary>The feed, the hub and the relay between them.</summary>
    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.AddSingleton<LiveFeed>();
        services.AddSignalR().AddJsonProtocol(options => DocumentJson.Configure(options.PayloadSerializerOptions));
        services.AddHostedService<LiveRelay>();
        services.AddHostedService<AlertRelay>();
        return services;
    }

    /// <summary>The hub for programs. Goes after authentication.</summary>
    public static void MapLive(this WebApplication app)
    {
        app.UseLiveAccess();
        app.MapHub<LiveHub>(LiveHub.Path);
    }
}
