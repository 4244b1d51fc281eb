using Opsmeter.Web.Alerts;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Hosting;

/// <summary>Registers what tells people.</summary>
public static class MessageServices
{
    public static IServiceCollection AddMessages(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddDelivery(configuration);
        services.AddSingleton<AlertLinks>();
        services.AddSingleton<ChannelTrials>();
        services.AddSingleton(provider =>
        {
            var (options, sender) = (provider.GetRequiredService<AlertOptions>(), provider.GetRequiredService<MailSender>());
            return new AccountMail(options.PublicUrl, options.Mail is null ? null : (to, subject, text) => sender.SendAsync(to, subject, text, CancellationToken.None));
        });
        services.AddHostedService<ForecastWatch>();
        services.AddHostedService<ThresholdWatch>();
        services.AddHostedService<SignalWatch>();
        services.AddHostedService<DigestWatch>();
        services.AddHostedService<AlertDispatcher>();
        return services;
    }
}
