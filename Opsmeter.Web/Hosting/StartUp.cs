using Opsmeter.Core.Pricing;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Storage.Documents;

namespace Opsmeter.Web.Hosting;

/// <summary>What happens before the first request is taken, in order.</summary>
internal static class StartUp
{
    /// <summary>Opens the store, then serves until the process is asked to stop.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunOpsmeterAsync(this WebApplication app)
    {
        try
        {
            await app.OpenAsync();
        }
        catch (StoreException error)
        {
            await Console.Error.WriteLineAsync("Opsmeter cannot start. " + error.Message);
            await app.DisposeAsync();
            return 1;
        }

        await app.RunAsync();
        return 0;
    }

    /// <summary>Opens the store and everything that is read from it.</summary>
    /// <exception cref="StoreException">The store cannot be opened.</exception>
    public static async Task OpenAsync(this WebApplication app)
    {
        // Reading the catalogue takes a moment: now, rather than in the first request.
        _ = PriceBook.BuiltIn;
        var store = app.Services.GetRequiredService<Store>();
        await store.OpenAsync(new SettingsDocument());
        await app.Services.GetRequiredService<KeyRing>().ReloadAsync();
        store.Complete();
    }
}
