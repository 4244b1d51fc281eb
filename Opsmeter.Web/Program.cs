using Opsmeter.Web.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddWebPages();

var app = builder.Build();
app.UseWebPages();
app.MapWebPages();
app.Run();

/// <summary>The entry point; public so that the tests can host it.</summary>
public sealed partial class Program;
