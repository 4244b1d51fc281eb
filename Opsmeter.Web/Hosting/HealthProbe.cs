namespace Opsmeter.Web.Hosting;

/// <summary>
/// <c>--health</c>: asks the Opsmeter that runs beside it whether it is ready, as a container's health check. The image needs
/// no other program for it.
/// </summary>
internal static class HealthProbe
{
    /// <summary>The argument that asks instead of serving.</summary>
    public const string Argument = "--health";

    private const string Ready = "/health/ready";
    private static readonly string[] AllAddresses = ["//+", "//*", "//0.0.0.0", "//[::]"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Asks, and writes why not where it is not ready.</summary>
    /// <returns>The exit code: 0 when it is ready, else 1.</returns>
    public static async Task<int> AskAsync()
    {
        var address = AddressOf(Environment.GetEnvironmentVariable("ASPNETCORE_URLS"));
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(new Uri(address, Ready));
            if (answer.IsSuccessStatusCode)
            {
                return 0;
            }

            await Console.Error.WriteLineAsync($"{address}: not ready, status {(int)answer.StatusCode}.");
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"{address}: no answer. {error.Message}");
        }

        return 1;
    }

    /// <summary>Where a server that listens on these addresses is reached from its own machine; the first one counts.</summary>
    /// <param name="urls">As in <c>ASPNETCORE_URLS</c>: separated by semicolons; null or empty for the usual one.</param>
    internal static Uri AddressOf(string? urls)
    {
        var first = (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? AppSettings.DefaultUrl;
        return new Uri(AllAddresses.Aggregate(first, (url, all) => url.Replace(all, "//localhost", StringComparison.Ordinal)));
    }
}
