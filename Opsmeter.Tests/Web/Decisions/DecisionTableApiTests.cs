using System.Text.Json;
using System.Text.Json.Nodes;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Xunit;

namespace Opsmeter.Tests.Web.Decisions;

/// <summary>
/// Every cell of the policy's decision table, asked over HTTP: one server, a budget of $1 a day and an endpoint for each row,
/// and all of them driven through the columns together.
/// </summary>
public sealed class DecisionTableApiTests
{
    // Written out from the policy: what is said at 0.79, at 0.80 on plan, at 1.00 over plan, at 1.01, and at 1.10 of the limit,
    // which confirms. A star stands for every value; "plan" is an allow that says so; an endpoint of tier - has none.
    private const string Table = """
        cap     tier degradeAt blockTier1 | ok    warning overPlan exceeded confirmed
        byTier  1    *         *          | allow allow   allow    degrade  degrade
        byTier  2    warning   *          | allow degrade degrade  degrade  degrade
        byTier  2    overPlan  *          | allow plan    degrade  degrade  degrade
        byTier  -    warning   *          | allow degrade degrade  degrade  degrade
        byTier  -    overPlan  *          | allow plan    degrade  degrade  degrade
        byTier  3    *         *          | allow allow   allow    degrade  block
        soft    1    *         *          | allow allow   allow    allow    allow
        soft    2    *         *          | allow allow   allow    allow    allow
        soft    -    *         *          | allow allow   allow    allow    allow
        soft    3    *         *          | allow allow   allow    allow    allow
        degrade 1    warning   *          | allow degrade degrade  degrade  degrade
        degrade 1    overPlan  *          | allow plan    degrade  degrade  degrade
        degrade 2    warning   *          | allow degrade degrade  degrade  degrade
        degrade 2    overPlan  *          | allow plan    degrade  degrade  degrade
        degrade -    warning   *          | allow degrade degrade  degrade  degrade
        degrade -    overPlan  *          | allow plan    degrade  degrade  degrade
        degrade 3    warning   *          | allow degrade degrade  degrade  degrade
        degrade 3    overPlan  *          | allow plan    degrade  degrade  degrade
        hard    1    *         false      | allow allow   allow    degrade  degrade
        hard    1    *         true       | allow allow   allow    degrade  block
        hard    2    *         *          | allow allow   allow    degrade  block
        hard    -    *         *          | allow allow   allow    degrade  block
        hard    3    *         *          | allow allow   allow    degrade  block
        """;

    // 80 cents by 13:59 leave ten hours at a cent an hour: on plan. What comes at 14:00 is not.
    private static readonly (string At, decimal Usd, string State, string Reason)[] Columns =
    [
        ("2026-11-23T02:00:00Z", 0.79m, "ok", ""),
        ("2026-11-23T13:59:00Z", 0.01m, "warning", "_warning"),
        ("2026-11-23T14:00:00Z", 0.20m, "warning", "_warning"),
        ("2026-11-23T14:00:00Z", 0.01m, "exceeded", "_exceeded"),
        ("2026-11-23T14:00:00Z", 0.09m, "exceeded", "_exceeded_confirmed"),
    ];

    [Fact]
    public async Task Decide_EveryCell_IsTheTables()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        foreach (var tier in new[] { 1, 2, 3 })
        {
            (await client.PostAsync("/v1/tiers", $$"""{"pattern":"tier{{tier}}.*","tier":{{tier}}}""")).Status.Should().Be(201);
        }

        var rows = Rows();
        rows.Should().HaveCount(64).And.OnlyHaveUniqueItems(row => row.Endpoint, "four caps, four tiers, two times two choices");
        await Task.WhenAll(rows.Select(async row => (await client.PostAsync("/v1/budgets", row.Budget())).Status.Should().Be(201)));
        var said = new List<string>();
        for (var column = 0; column < Columns.Length; column++)
        {
            said.AddRange(await Task.WhenAll(rows.Select(row => SayAsync(client, row, column))));
        }

        string.Join('\n', said).Should().Be(string.Join('\n', Enumerable.Range(0, Columns.Length).SelectMany(column => rows.Select(row => row.Expected(column)))));
    }

    /// <summary>Spends what a column wants, and tells what is then answered, to the caller who asks and to the one who only reports.</summary>
    private static async Task<string> SayAsync(HttpClient client, Row row, int column)
    {
        var (at, usd, _, _) = Columns[column];
        var counted = await client.CountAsync(RowText.Of($"{row.Endpoint}_{column}", at, row.Endpoint, input: (long)(usd * 4_000_000m), output: 0));
        counted["costUsd"].GetDecimal().Should().Be(usd);

        var answer = await client.PostAsync("/v1/decisions", $$"""{"endpointTag":"{{row.Endpoint}}"}""");

        var reported = counted["decision"];
        foreach (var member in new[] { "action", "reason", "message", "resetsAt" })
        {
            reported.GetProperty(member).ToString().Should().Be(answer[member].ToString(), $"{row.Endpoint} says the same to the one who reports");
        }

        var budget = answer["budgets"].EnumerateArray().Should().ContainSingle().Subject;
        budget.GetProperty("action").GetString().Should().Be(answer["action"].GetString());
        return Row.Line(
            row.Endpoint, column, answer["action"].GetString()!, answer["reason"].GetString()!, budget.GetProperty("state").GetString()!,
            answer["degradedMode"].ValueKind == JsonValueKind.Object, answer["message"].ValueKind == JsonValueKind.String, answer["resetsAt"].GetString()!);
    }

    private static Row[] Rows() =>
    [
        .. from line in Table.Split('\n').Skip(1)
           let words = line.Split([' ', '|', '\r'], StringSplitOptions.RemoveEmptyEntries)
           from degradeAt in words[2] == "*" ? ["warning", "overPlan"] : new[] { words[2] }
           from blockTier1 in words[3] == "*" ? [false, true] : new[] { bool.Parse(words[3]) }
           select new Row(words[0], words[1], degradeAt, blockTier1, words[4..]),
    ];

    private sealed record Row(string Cap, string Tier, string DegradeAt, bool BlockTier1, string[] Cells)
    {
        public string Endpoint => $"{(Tier == "-" ? "unclassified" : "tier" + Tier)}.{Cap}.{DegradeAt}.{BlockTier1}";

        public string Budget() => PolicyOpsmeter.Budget(
            ("name", Endpoint), ("limitUsd", 1), ("cap", Cap), ("degradeAt", DegradeAt), ("blockTier1", BlockTier1),
            ("degradedMode", JsonNode.Parse("""{"model":"gpt-5-nano","maxOutputTokens":64}""")),
            ("conditions", JsonNode.Parse($$"""[{"dimension":"endpointTag","values":["{{Endpoint}}"]}]""")));

        public string Expected(int column)
        {
            var (_, _, state, suffix) = Columns[column];
            var prefix = Cap != "byTier" ? Cap : Tier == "-" ? "tier2" : "tier" + Tier;
            var action = Cells[column] == "plan" ? "allow" : Cells[column];
            var reason = Cells[column] == "plan" ? "on_plan" : state == "ok" ? "within_budget" : prefix + suffix;
            return Line(Endpoint, column, action, reason, state, action == "degrade", action == "block", "2026-11-24T00:00:00+00:00");
        }

        public static string Line(string endpoint, int column, string action, string reason, string state, bool hasMode, bool hasMessage, string resetsAt) =>
            $"{endpoint} {column}: {action} {reason} {state} {(hasMode ? "mode" : "-")} {(hasMessage ? "message" : "-")} {resetsAt}";
    }
}
