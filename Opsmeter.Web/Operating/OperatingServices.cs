using System.Globalization;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Operating;

/// <summary>Registers what the operator needs.</summary>
internal static class OperatingServices
{
    public static IServiceCollection AddOperating(this IServiceCollection services)
    {
        services.AddOptions<BackupOptions>().BindConfiguration(BackupOptions.Section)
            .Validate(options => options.Keep is >= 1 and <= 1_000, "Backup:Keep must be from 1 to 1000.")
            .Validate(
                options => options.DailyAt.Length == 0 || TimeOnly.TryParseExact(options.DailyAt, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
                "Backup:DailyAt must be a time of day such as 02:30, or empty.")
            .ValidateOnStart();
        services.AddSingleton<Backups>();
        services.AddSingleton<IBeforeUpdate, UpdateBackup>();
        services.AddSingleton<BackupRuns>();
        services.AddSingleton<Diagnosis>();
        services.AddHostedService<BackupSchedule>();
        return services;
    }

    public static void MapOperating(this IEndpointRouteBuilder routes)
    {
        routes.MapBackups();
        routes.MapMetrics();
    }
}
