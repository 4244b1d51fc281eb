using Microsoft.Extensions.Configuration.Memory;
using Opsmeter.Web.Live;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Demo;

/// <summary>The switch <c>--demo</c>: an invented month in a database of its own.</summary>
public static class DemoMode
{
    private const string Key = "Demo";
    private const string Folder = "./data-demo";

    /// <summary>The arguments with the switch spelled out: the configuration would take the next one for its value.</summary>
    public static string[] Arguments(string[] args) =>
        [.. args.Select(argument => argument == "--demo" ? $"--{Key}=true" : argument)];

    /// <summary>Registers the demo where it is asked for; without it, only that this is none.</summary>
    public static WebApplicationBuilder AddDemo(this WebApplicationBuilder builder)
    {
        var isDemo = builder.Configuration.GetValue<bool>(Key);
        builder.Services.AddSingleton(new DemoState { IsDemo = isDemo });
        builder.Services.PostConfigure<StorageOptions>(options => options.IsDemo = isDemo);
        if (isDemo)
        {
            // The weakest source: a folder that someone names wins.
            builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
            {
                InitialData = [new KeyValuePair<string, string?>("Storage:DataDirectory", Folder)],
            });
            builder.Services.AddSingleton<DemoMonthLoader>();
            builder.Services.AddHostedService<DemoRun>();
        }

        return builder;
    }
}
