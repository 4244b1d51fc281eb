namespace Opsmeter.Bench;

/// <summary>Durable ingest into a folder full of requests as a share of that into an empty one, in the same run.</summary>
internal static class IngestGrowth
{
    private const string Path = "/v1/ingest/llm-request";
    private const int WarmUps = 2;
    private const int Rounds = 7;
    private const double Goal = 0.70;

    public static async Task<int> RunAsync(string folder)
    {
        await using var empty = new BenchServer();
        await using var full = new BenchServer(folder);
        var (emptyAddress, fullAddress) = (await empty.StartAsync(), await full.StartAsync());
        var rounds = new List<(double Empty, double Full)>();
        for (var round = -WarmUps; round < Rounds; round++)
        {
            // One after the other, and the other first in every second round: what the machine does else is shared fairly.
            var isEmptyFirst = round % 2 == 0;
            var first = await Throughput.LoadAsync(isEmptyFirst ? emptyAddress : fullAddress, Path, Throughput.Row);
            var second = await Throughput.LoadAsync(isEmptyFirst ? fullAddress : emptyAddress, Path, Throughput.Row);
            if (round >= 0)
            {
                rounds.Add(isEmptyFirst ? (first, second) : (second, first));
            }
        }

        Figures.Say("Durable ingest, empty store", $"{Figures.Median(rounds.Select(round => round.Empty)):N0}/s");
        Figures.Say("Durable ingest, full store", $"{Figures.Median(rounds.Select(round => round.Full)):N0}/s");
        var share = Figures.Median(rounds.Select(round => round.Full / round.Empty));
        return Figures.Judge("Full ÷ empty", $"{share:P1}", $">= {Goal:P0}", share >= Goal);
    }
}
