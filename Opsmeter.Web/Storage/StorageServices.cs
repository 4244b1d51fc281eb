using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Opsmeter.Web.Storage;

/// <summary>Registers the store.</summary>
public static class StorageServices
{
    /// <summary>The store, its writer, its boards and its feed.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddOptions<StorageOptions>()
            .BindConfiguration(StorageOptions.Section)
            .Configure<IConfiguration>((options, configuration) =>
                options.ConnectionString = configuration.GetConnectionString("Opsmeter"))
            .Validate(options => options.Provider.Equals("sqlite", StringComparison.OrdinalIgnoreCase), "Storage:Provider must be sqlite.")
            .Validate(options => options.MaxQueuedRows is >= 1 and <= 10_000_000, "Storage:MaxQueuedRows must be from 1 to 10000000.")
            .Validate(options => options.RawRetentionDays is >= 1 and <= 3650, "Storage:RawRetentionDays must be from 1 to 3650.")
            .Validate(
                options => options.SegmentRows is >= Facts.FactBoard.ChunkFacts and <= 1_048_576 && options.SegmentRows % Facts.FactBoard.ChunkFacts == 0,
                $"Storage:SegmentRows must be a multiple of {Facts.FactBoard.ChunkFacts}, at most 1048576.")
            .ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<StorageOptions>>().Value);
        services.AddPooledDbContextFactory<OpsmeterDb>((provider, options) =>
            options.UseSqlite(provider.GetRequiredService<StorageOptions>().EffectiveConnectionString).AddInterceptors(new ConnectionSettings()));
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<OpsmeterDb>>().CreateDbContext());
        services.AddSingleton<Boards>();
        services.AddSingleton<LedgerFeed>();
        services.AddSingleton<Facts.FactStore>();
        services.AddSingleton<ValueTexts>();
        services.AddSingleton<Facts.MeanCosts>();
        services.AddSingleton<LedgerHistory>();
        services.AddSingleton<WriterPause>();
        services.AddSingleton<LedgerWriter>();
        services.AddSingleton<Store>();
        services.AddSingleton<LedgerCheck>();
        services.AddSingleton<LedgerHealth>();
        services.AddHostedService(provider => provider.GetRequiredService<LedgerWriter>());
        services.AddHostedService<Checkpoints>();
        services.AddHostedService<WriterWatch>();
        services.AddHostedService<LedgerWatch>();
        services.AddHostedService<LedgerRetention>();
        return services;
    }
}
