using Microsoft.Extensions.Options;

namespace Opsmeter.Web.Ingest;

/// <summary>Registers what reading at the door needs.</summary>
public static class IngestServices
{
    /// <summary>Binds <see cref="IngestLimits"/> to its section and checks it at start.</summary>
    public static IServiceCollection AddIngestLimits(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<IngestLimits>, IngestLimitsValidation>();
        services.AddOptions<IngestLimits>().BindConfiguration(IngestLimits.Section).ValidateOnStart();
        return services;
    }
}
