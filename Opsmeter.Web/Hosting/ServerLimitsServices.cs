using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Opsmeter.Web.Hosting;

/// <summary>Puts the limits of connections in force.</summary>
internal static class ServerLimitsServices
{
    /// <summary>Binds <see cref="ServerLimits"/> to its section, checks it at start, and hands it to the server.</summary>
    public static IServiceCollection AddServerLimits(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<ServerLimits>, ServerLimitsValidation>();
        services.AddOptions<ServerLimits>().BindConfiguration(ServerLimits.Section).ValidateOnStart();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<ServerLimits>>((server, limits) => Apply(limits.Value, server));
        return services;
    }

    private static void Apply(ServerLimits limits, KestrelServerOptions server)
    {
        server.AddServerHeader = false;
        server.Limits.MaxRequestHeaderCount = limits.MaxHeaders;
        server.Limits.MaxRequestHeadersTotalSize = limits.MaxHeaderBytes;
        server.Limits.MaxRequestLineSize = limits.MaxRequestLineBytes;

        // Holds for headers too, so it is no less than what they may have.
        server.Limits.MaxRequestBufferSize = Math.Max(server.Limits.MaxRequestBufferSize ?? 0, Math.Max(limits.MaxHeaderBytes, limits.MaxRequestLineBytes));
        server.Limits.MaxRequestBodySize = limits.MaxBodyBytes;
        server.Limits.MinRequestBodyDataRate = new MinDataRate(limits.MinBodyBytesPerSecond, TimeSpan.FromSeconds(limits.BodyGraceSeconds));
        server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(limits.HeaderSeconds);
        server.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(limits.KeepAliveSeconds);
        server.Limits.MaxConcurrentConnections = limits.MaxConnections;
        server.Limits.MaxConcurrentUpgradedConnections = limits.MaxUpgradedConnections;
    }
}
