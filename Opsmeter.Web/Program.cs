var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.Run();

/// <summary>The entry point; public so that the tests can host it.</summary>
public sealed partial class Program;
