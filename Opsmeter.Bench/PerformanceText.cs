using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Opsmeter.Bench;

/// <summary>What the rounds of a report came to, as Markdown.</summary>
/// <param name="rounds">What each round measured, by name.</param>
/// <param name="starts">The seconds from start to ready, by name.</param>
/// <param name="thrown">How many rounds were thrown away.</param>
internal sealed class PerformanceText(List<Dictionary<string, double>> rounds, Dictionary<string, List<double>> starts, int thrown)
{
    private readonly StringBuilder _text = new();

    private bool IsFull => starts.Count > 0;

    /// <summary>Writes it.</summary>
    public string Write()
    {
        _text.Append(CultureInfo.InvariantCulture, $"""
            # Performance

            Written by `dotnet run -c Release --project Opsmeter.Bench -- report{(IsFull ? " FOLDER" : "")}` on {TimeProvider.System.GetUtcNow():yyyy-MM-dd}: {Environment.ProcessorCount} processors,
            {RuntimeInformation.OSDescription.Split(' ')[0]}, .NET {Environment.Version}, the load from a process on the same machine. The servers are warm: each kind of request
            was sent to them twice for 20 s before. {rounds.Count} rounds of 3 s for each figure, one figure after the other in each round; the median of
            the rounds' own shares counts. {thrown} rounds were thrown away because others on the host took more than 10 % of the processors.
            What the ceilings are: [decisions/0004](decisions/0004-what-the-benchmark-compares.md).

            """);
        Head("Ingest, durable, everything on, with 100 budgets");
        Line("a request that is parsed and answered, 64 connections", "parse64", null, null);
        Line("single, ordered ids, 64 connections", "ordered64", "parse64", 0.45);
        Line("single, random ids, 64 connections", "random64", "parse64", 0.45);
        Line("a request that is parsed and answered, 256 connections", "parse256", null, null);
        Line("single, ordered ids, 256 connections", "ordered256", "parse256", 0.60);
        Line("single, random ids, 256 connections", "random256", "parse256", 0.60);
        Line("raw inserts, 1,000 a transaction, ordered ids (rows)", "rawOrdered", null, null);
        Line("batches of 1,000, ordered ids (rows)", "batchOrdered", "rawOrdered", 0.45);
        Line("raw inserts, 1,000 a transaction, random ids (rows)", "rawRandom", null, null);
        Line("batches of 1,000, random ids (rows)", "batchRandom", "rawRandom", 0.45);
        Limit("a request that is parsed and answered, at a quarter of the single peak, p99", "parseP99", null, "ms");
        Limit("single at a quarter of its peak, p99", "ingestP99", 25, "ms");
        Limit("the same in the 3 s after batches of random ids, p99", "ingestWakeP99", null, "ms");
        Head("Decisions, without holds, with 100 budgets");
        Line("an endpoint that only answers, 64 connections", "noOp64", null, null);
        Line("decisions, 64 connections", "decide64", "noOp64", 0.70);
        Limit("one evaluation, in the process", "evaluateNs", 2_000, "ns");
        Limit("an endpoint that only answers, at a quarter of the decisions' peak, p99", "noOpP99", null, "ms");
        Limit("decisions at a quarter of their peak, p99", "decideP99", 5, "ms");
        Growth();
        Postgres();
        _text.Append("""

            What is counted as met is what this run measured; figures move by some 15 % from one run to the next. Where the time goes
            that keeps a figure from its goal: [performance-profiles.md](performance-profiles.md).

            """);
        return _text.ToString();
    }

    private void Growth()
    {
        if (!IsFull)
        {
            return;
        }

        Head("Growth: the app as the image has it, in processes of its own, without budgets, 64 connections");
        Line("single, ordered ids, empty store", "ordered0", null, null);
        Line("single, ordered ids, a million requests", "ordered1M", "ordered0", null);
        Line("single, ordered ids, ten million requests", "ordered10M", "ordered0", 0.80);
        Line("single, random ids, empty store", "random0", "ordered0", null);
        Line("single, random ids, a million requests", "random1M", "ordered1M", null);

        // Where the store's own ids are in order, random ones fall beside them.
        Line("single, random ids, ten million requests with ids in order", "random10M", "ordered10M", null);
        Line("single, random ids, ten million requests with random ids", "random10MRandom", "ordered10M", 0.60);
        foreach (var (name, words, most) in new[] { ("0", "an empty store", 0.0), ("1M", "a million requests", 2.0), ("10M", "ten million requests", 4.0) })
        {
            var value = Figures.Median(starts["start" + name]);
            _text.Append(CultureInfo.InvariantCulture, $"| from the start of the process to ready, {words} | {value:N2} s | | {(most == 0 ? "" : $"≤ {most:N0} s")} | {(most == 0 ? "" : Verdict(value <= most))} |\n");
        }

        Limit("resident memory under this load, empty store", "memory0", 350, "MB");
        Limit("resident memory under this load, ten million requests", "memory10M", 350, "MB");
    }

    private void Postgres()
    {
        if (!rounds[0].ContainsKey("postgres64"))
        {
            _text.Append("\nNot beside it: PostgreSQL is not installed on this machine.\n");
            return;
        }

        Head("What a team would write instead: the same rows straight into PostgreSQL, `ON CONFLICT DO NOTHING`");
        Line("single inserts, ordered ids, 64 connections", "postgres64", null, null);
        Line("Opsmeter beside it", "ordered64", "postgres64", 2.0);
        Line("single inserts, random ids, 64 connections", "postgresRandom64", null, null);
        Line("Opsmeter beside it", "random64", "postgresRandom64", 2.0);
        Line("batches of 1,000, ordered ids (rows)", "postgresBatch", null, null);
        Line("Opsmeter beside it", "batchOrdered", "postgresBatch", null);
        Line("batches of 1,000, random ids (rows)", "postgresBatchRandom", null, null);
        Line("Opsmeter beside it", "batchRandom", "postgresBatchRandom", null);
    }

    private void Head(string title) => _text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n| figure | measured | share | goal | |\n| --- | --- | --- | --- | --- |\n");

    private void Line(string name, string figure, string? ceiling, double? goal)
    {
        var value = Figures.Median(rounds.Select(round => round[figure]));
        var share = ceiling is null ? (double?)null : Figures.Median(rounds.Select(round => round[figure] / round[ceiling]));
        _text.Append(CultureInfo.InvariantCulture, $"| {name} | {value:N0}/s | {share?.ToString("P0", CultureInfo.InvariantCulture)} | {(goal is null ? "" : $"≥ {goal:P0}")} | {(goal is null ? "" : Verdict(share >= goal))} |\n");
    }

    private void Limit(string name, string figure, double? most, string unit)
    {
        var value = Figures.Median(rounds.Select(round => round[figure]));
        _text.Append(CultureInfo.InvariantCulture, $"| {name} | {value:N1} {unit} | | {(most is null ? "" : $"≤ {most:N0} {unit}")} | {(most is null ? "" : Verdict(value <= most))} |\n");
    }

    private static string Verdict(bool isMet) => isMet ? "met" : "missed";
}
