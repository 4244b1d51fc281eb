using Opsmeter.Web.Alerts;
using Opsmeter.Web.Decisions;
using Opsmeter.Web.Demo;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Ingest;
using Opsmeter.Web.Live;
using Opsmeter.Web.Operating;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Reports;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Views;

return args switch
{
    [HealthProbe.Argument] => await HealthProbe.AskAsync(),
    [BackupCommand.Argument, .. var rest] => await BackupCommand.RunAsync(Program.Build(rest).Services),
    [Restore.Argument, var file, .. var rest] => await Restore.RunAsync(file, Program.Build(rest).Services),
    [Restore.Argument] => await Restore.AskForFileAsync(),
    _ => await StartUp.RunAsync(early => Program.Build(args, early)),
};

/// <summary>The entry point; public so that the tests can host it.</summary>
public sealed partial class Program
{
    /// <summary>Puts the app together.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="early">Takes the addresses at once, for an app that will serve; null for one that will not, or is hosted.</param>
    internal static WebApplication Build(string[] args, EarlySockets? early = null)
    {
        var builder = WebApplication.CreateBuilder(AppSettings.Options(DemoMode.Arguments(args), AppContext.BaseDirectory)).AddShippedSettings();
        early?.Take(builder.Configuration[WebHostDefaults.ServerUrlsKey]);
        early?.Register(builder.Services);
        builder.AddDemo();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddStorage();
        builder.Services.AddOpsmeterIdentity(builder.Configuration);
        builder.Services.AddServerLimits();
        builder.Services.AddIngestLimits();
        builder.Services.AddPolicy();
        builder.Services.AddReports();
        builder.Services.AddDecisions();
        builder.Services.AddOperating();
        builder.Services.AddTraces(builder.Configuration);
        builder.Services.AddViews();
        builder.Services.AddLive();
        builder.Services.AddMessages(builder.Configuration);
        builder.Services.AddWebPages(builder.Configuration);

        var app = builder.Build();
        app.UseWebPages();
        app.UseOpsmeterProblems();
        app.UseOpsmeterIdentity();
        app.MapAccount();
        app.MapHealth();
        app.MapIngest();
        app.MapDecisions();
        app.MapPolicy();
        app.MapChannelTests();
        app.MapKey();
        app.MapReports();
        app.MapOperating();
        app.MapLive();
        app.MapUnknownApiRoutes();
        app.MapWebPages();
        return app;
    }
}
