using Microsoft.Extensions.Options;
using Opsmeter.Core.Pricing;
using Opsmeter.Web.Demo;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Live;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Hosting;

/// <summary>What happens before the first request is taken, in order.</summary>
internal static class StartUp
{
    private static readonly TimeSpan AfterRush = TimeSpan.FromSeconds(3);

    // Pages are drawn and read the database on the pool's threads too. It begins with as many as there are processors, and adds one
    // each half second: two pages would keep every request and every decision waiting for that.
    private const int LeastThreads = 8;

    /// <summary>Puts the app together, opens the store, then serves until the process is asked to stop.</summary>
    /// <param name="build">Puts the app together.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(Func<EarlySockets, WebApplication> build)
    {
        using var early = new EarlySockets();
        WebApplication? app = null;

        ThreadPool.GetMinThreads(out var threads, out var ports);
        ThreadPool.SetMinThreads(Math.Max(threads, LeastThreads), ports);

        // Reading the catalogue takes a moment, beside everything else rather than in the first request.
        _ = Task.Run(() => PriceBook.BuiltIn);
        try
        {
            app = build(early);
            await app.OpenAsync();
        }
        catch (Exception error) when (error is StoreException or OptionsValidationException)
        {
            await Console.Error.WriteLineAsync("Opsmeter cannot start. " + error.Message);
            if (app is not null)
            {
                await app.DisposeAsync();
            }

            return 1;
        }

        app.Lifetime.ApplicationStarted.Register(early.Dispose);
        app.Lifetime.ApplicationStarted.Register(() => _ = Task.Run(app.AnnounceSetUpAsync));
        try
        {
            await app.RunAsync();
        }
        catch (StoreException error)
        {
            await Console.Error.WriteLineAsync("Opsmeter cannot start. " + error.Message);
            return 1;
        }

        return 0;
    }

    // Also the first use of EF, which takes most of a second to get ready: after a restart senders have waited, and come first.
    private static async Task AnnounceSetUpAsync(this WebApplication app)
    {
        var stop = app.Lifetime.ApplicationStopping;
        if (!app.Services.GetRequiredService<Store>().IsNew)
        {
            await Task.Delay(AfterRush, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!stop.IsCancellationRequested && !await app.Services.GetRequiredService<Members>().AnyAsync())
        {
            app.Services.GetRequiredService<SetUpCode>().Announce(AddressOf(app));
        }
    }

    private static string AddressOf(WebApplication app) => (app.Urls.FirstOrDefault() ?? "")
        .Replace("[::]", "localhost", StringComparison.Ordinal)
        .Replace("0.0.0.0", "localhost", StringComparison.Ordinal)
        .Replace("+", "localhost", StringComparison.Ordinal);

    /// <summary>Opens the store and everything that is read from it.</summary>
    /// <exception cref="StoreException">The store cannot be opened.</exception>
    public static async Task OpenAsync(this WebApplication app)
    {
        _ = PriceBook.BuiltIn;
        var store = app.Services.GetRequiredService<Store>();
        var setUp = app.Services.GetRequiredService<IOptions<SetUpOptions>>().Value;
        var settings = new SettingsDocument();
        await store.OpenAsync(setUp.TimeZone is { Length: > 0 } zone ? settings with { TimeZone = zone } : settings);
        if (store.IsNew)
        {
            await app.Services.GetRequiredService<FirstStart>().ApplyAsync();
            if (app.Services.GetRequiredService<DemoState>().IsDemo)
            {
                await DemoAccount.EnsureAsync(app.Services.GetRequiredService<Members>());
            }

            store.Complete();
        }

        await app.Services.GetRequiredService<KeyRing>().ReloadAsync();
    }
}
