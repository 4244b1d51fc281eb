using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Hosting;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: the store takes writes.</summary>
internal static class Health
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Results.Text("live"));
        routes.MapGet("/health/ready", ReadyAsync);
    }

    private static async Task<IResult> ReadyAsync(LedgerWriter writer, TimeProvider time)
    {
        try
        {
            await writer.ProbeAsync().WaitAsync(Patience, time);
            return Results.Text("ready");
        }
        catch (TimeoutException)
        {
            return Problems.Unavailable(1, "The writer did not answer in time.");
        }
        catch (LedgerUnavailableException error)
        {
            return Problems.Unavailable(1, error.Message);
        }
    }
}
