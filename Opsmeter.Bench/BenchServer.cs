using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Options;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Ingest;
using Opsmeter.Web.Storage;

namespace Opsmeter.Bench;

/// <summary>The whole product with everything on, and beside it the ceiling: an endpoint that parses the same body and answers.</summary>
internal sealed class BenchServer : WebApplicationFactory<Store>
{
    /// <summary>The ceiling's path.</summary>
    public const string Ceiling = "/bench/parse";

    private readonly TestFolder _folder = new();

    public BenchServer() => UseKestrel(0);

    /// <summary>Starts it.</summary>
    /// <returns>Where it listens.</returns>
    public Uri Start()
    {
        StartServer();
        return new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.UseSetting("Storage:DataDirectory", _folder.Path);
        builder.UseSetting("Setup:AdminEmail", OpsmeterProcess.AdminEmail);
        builder.UseSetting("Setup:AdminPassword", OpsmeterProcess.AdminPassword);
        builder.UseSetting("Setup:ApiKey", OpsmeterProcess.ApiKey);
        builder.ConfigureServices(services => services.AddSingleton<IStartupFilter, CeilingFilter>());
    }

    private sealed class CeilingFilter(IOptions<IngestLimits> limits, StorageOptions storage, TimeProvider time) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Map(Ceiling, branch => branch.Run(ParseAsync));
            next(app);
        };

        private async Task ParseAsync(HttpContext context)
        {
            using var body = await BodyReader.ReadAsync(context.Request, limits.Value.MaxBodyBytes, BodyFormats.Json);
            var reading = RequestReader.Read(body.Bytes.Span, time.GetUtcNow(), storage.RawRetention, limits.Value.MaxDepth);
            await (reading.IsValid ? Results.Json(new { ok = true }) : Results.BadRequest()).ExecuteAsync(context);
        }
    }
}
