using System.Globalization;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Ingest;
using Opsmeter.Web.Storage;

namespace Opsmeter.Bench;

/// <summary>The whole product with everything on, and beside it the ceiling: an endpoint that parses the same body and answers.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    /// <summary>The ceiling's path; under the API's, so that the same middleware stands before it.</summary>
    public const string Ceiling = "/v1/bench/parse";

    /// <summary>The path of an endpoint that reads the body and answers, no more.</summary>
    public const string NoOp = "/v1/bench/no-op";

    /// <summary>The path that answers what <see cref="Evaluation"/> measures, as text.</summary>
    public const string Evaluate = "/v1/bench/evaluate";

    private readonly TestFolder? _own;
    private readonly WebApplication _app;

    /// <summary>Makes it on a data folder, or on a new one that is deleted at the end.</summary>
    public BenchServer(string? folder = null)
    {
        _own = folder is null ? new TestFolder() : null;
        _app = Program.Build(
        [
            "--applicationName", "Opsmeter.Web", "--urls", "http://127.0.0.1:0", "--Storage:DataDirectory", folder ?? _own!.Path,
            "--Setup:AdminEmail", OpsmeterProcess.AdminEmail, "--Setup:AdminPassword", OpsmeterProcess.AdminPassword,
            "--Setup:ApiKey", OpsmeterProcess.ApiKey, "--Logging:LogLevel:Default", "Warning", "--Logging:LogLevel:Microsoft.Hosting.Lifetime", "Warning",
        ]);
        _app.MapPost(Ceiling, ParseAsync).WithMetadata(KeyRoute.Mark);
        _app.MapPost(NoOp, NoOpAsync).WithMetadata(KeyRoute.Mark);
        _app.MapPost(Evaluate, (Boards boards, TimeProvider time) => Evaluation.Measure(boards, time).ToString(CultureInfo.InvariantCulture)).WithMetadata(KeyRoute.Mark);
    }

    /// <summary>What it is made of.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Starts it.</summary>
    /// <returns>Where it listens.</returns>
    public async Task<Uri> StartAsync()
    {
        await _app.OpenAsync();
        await _app.StartAsync();
        return new Uri(_app.Urls.First());
    }

    public async ValueTask DisposeAsync()
    {
        // What is still being written is written first.
        await _app.StopAsync();
        await _app.DisposeAsync();
        _own?.Dispose();
    }

    private static async Task<IResult> ParseAsync(
        HttpContext context, Microsoft.Extensions.Options.IOptions<IngestLimits> limits, StorageOptions storage, TimeProvider time)
    {
        using var body = await BodyReader.ReadAsync(context.Request, limits.Value.MaxBodyBytes, BodyFormats.Json);
        var reading = RequestReader.Read(body.Bytes.Span, time.GetUtcNow(), storage.RawRetention, limits.Value.MaxDepth);
        return reading.IsValid ? new JsonAnswer<Parsed>(new Parsed(true)) : Results.BadRequest();
    }

    private static async Task<IResult> NoOpAsync(HttpContext context, Microsoft.Extensions.Options.IOptions<IngestLimits> limits)
    {
        using var body = await BodyReader.ReadAsync(context.Request, limits.Value.MaxBodyBytes, BodyFormats.Json);
        return new JsonAnswer<Parsed>(new Parsed(true));
    }

    private sealed record Parsed(bool Ok);
}
