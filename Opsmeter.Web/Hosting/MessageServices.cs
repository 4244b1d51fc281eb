using Opsmeter.Web.Alerts;

namespace Opsmeter.Web.Hosting;

/// <summary>Registers what tells people.</summary>
public static class MessageServices
{
    public static IServiceCollection AddMessages(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddDelivery(configuration);
        services.AddSingleton<AlertLinks>();
        services.AddSingleton<ChannelTrials>();
        services.AddHostedService<ForecastWatch>();
        services.AddHostedService<ThresholdWatch>();
        services.AddHostedService<SignalWatch>();
        services.AddHostedService<DigestWatch>();
        services.AddHostedService<AlertDispatcher>();
        return services;
    }
}
