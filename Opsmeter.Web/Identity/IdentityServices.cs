namespace Opsmeter.Web.Identity;

/// <summary>Registers who may do what.</summary>
public static class IdentityServices
{
    public static IServiceCollection AddOpsmeterIdentity(this IServiceCollection services)
    {
        services.AddSingleton<KeyRing>();
        services.AddSingleton<ApiKeys>();
        return services;
    }
}
