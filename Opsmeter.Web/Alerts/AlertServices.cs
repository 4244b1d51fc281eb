using System.Net;
using Opsmeter.Web.Hosting;

namespace Opsmeter.Web.Alerts;

/// <summary>Registers what delivers messages.</summary>
public static class AlertServices
{
    public static IServiceCollection AddDelivery(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(AlertOptions.Read(configuration));
        services.AddSingleton<AddressLookup>((host, cancellation) => Dns.GetHostAddressesAsync(host, cancellation));
        services.AddSingleton<OutboundAddresses>();
        services.AddSingleton<MailSender>();
        services.AddSingleton<ChannelSender>();
        services.AddSingleton<ChannelTests>();
        services.AddHttpClient(ChannelSender.ClientName).ConfigurePrimaryHttpMessageHandler(provider => new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 4096,
            ConnectTimeout = ChannelSender.LongestWait,
            ConnectCallback = (context, cancellation) => provider.GetRequiredService<OutboundAddresses>().ConnectAsync(context.DnsEndPoint, cancellation),
        }).RemoveAllLoggers();
        services.AddHostedService<Deliverer>();
        return services;
    }
}
