using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging.Console;

namespace Opsmeter.Web.Hosting;

/// <summary>Where settings come from, and the format of the log that they name.</summary>
internal static class AppSettings
{
    private const string File = "appsettings.json";

    /// <summary>Where it listens unless told otherwise.</summary>
    public const string DefaultUrl = "http://localhost:5080";

    /// <summary>The arguments, and where the files of pages lie: beside a published app, from whichever folder it was started.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="folder">The app's.</param>
    public static WebApplicationOptions Options(string[] args, string folder) =>
        new() { Args = args, WebRootPath = Path.Combine(folder, "wwwroot") is var published && Directory.Exists(published) ? published : null };

    /// <summary>
    /// Adds the settings that ship with the app as the weakest source, wherever the process was started: a file of that
    /// name in the working directory, environment variables and the command line all win over them.
    /// </summary>
    public static WebApplicationBuilder AddShippedSettings(this WebApplicationBuilder builder)
    {
        // In no file: a file in the working directory would win over ASPNETCORE_URLS.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = [new KeyValuePair<string, string?>(WebHostDefaults.ServerUrlsKey, DefaultUrl)],
        });
        builder.Configuration.Sources.Insert(0, new JsonConfigurationSource
        {
            FileProvider = new PhysicalFileProvider(AppContext.BaseDirectory),
            Path = File,
        });

        builder.Logging.AddConsoleFormatter<LogLines, ConsoleFormatterOptions>();

        // Outside a published folder the pages' files lie where the build says, in every environment.
        builder.WebHost.UseStaticWebAssets();
        return builder;
    }
}
