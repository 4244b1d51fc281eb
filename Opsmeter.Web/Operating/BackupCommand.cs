namespace Opsmeter.Web.Operating;

/// <summary><c>--backup</c>: makes a backup and ends, whether the product runs beside it or not.</summary>
internal static class BackupCommand
{
    /// <summary>The argument that asks for it.</summary>
    public const string Argument = "--backup";

    /// <summary>Makes one, and says where it is.</summary>
    /// <param name="services">The product, put together and not started.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IServiceProvider services)
    {
        var backups = services.GetRequiredService<Backups>();
        try
        {
            var item = await backups.MakeAsync();
            await Console.Out.WriteLineAsync(Path.Combine(backups.Folder, item.Name));
            return 0;
        }
        catch (BackupException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }
}
