using System.Globalization;
using System.Text.RegularExpressions;
using AwesomeAssertions;
using Microsoft.Playwright;
using Opsmeter.Tests.Support;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Opsmeter.Tests.Browser;

/// <summary>A workspace where everything is wrong: the policy check finds each of it, and each button mends what it says.</summary>
public sealed class PolicyCheckTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, string> _ids = [];

    private string DataFolder => Path.Combine(_folder.Path, "data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Check_EverythingWrong_EachFixDoesWhatItSays()
    {
        await using var opsmeter = await OpsmeterProcess.StartAsync(_folder.Path);
        using var client = opsmeter.Client();
        await PrepareAsync(client);
        await using var browser = await TestBrowser.OpenAsync(opsmeter.Address);
        await browser.SignInAsync();
        await browser.GoAsync("budgets");
        var page = browser.Page;
        await Expect(page.Locator(".lint").First).ToBeVisibleAsync();

        (await page.Locator(".lint").EvaluateAllAsync<string[]>("all => all.map(each => each.dataset.rule)")).Should().Equal(
            "NoOwner", "HardCoversTier1", "HardWithoutBurnRate", "SpentWhileBlocked", "NotAsked", "NotObeyed", "CountsOtherTraffic", "Uncovered",
            "Unclassified", "Unpriced", "MatchedNothing", "LowCoverage", "NoTotal", "LimitTooSmall", "ArrivesLate", "ArrivesAfterWindow", "NoBackup");

        // Edits: made at once, seen in force, and gone from the list.
        await FixAsync(page, client, "NoOwner", "staging", "owner", OpsmeterProcess.AdminEmail);
        await FixAsync(page, client, "HardCoversTier1", "critical", "cap", "byTier");
        await FixAsync(page, client, "HardWithoutBurnRate", "stopper", "confirmation.mode", "burnRate");
        await FixAsync(page, client, "CountsOtherTraffic", "staging", "environments", """["prod"]""");
        await FixAsync(page, client, "LowCoverage", "tenants", "unkeyedLimitUsd", "40");
        await FixAsync(page, client, "LimitTooSmall", "stopper", "limitUsd", "0.011");
        await FixAsync(page, client, "ArrivesLate", "late", "confirmation.shortMinutes", "180", tolerance: 12);
        await FixAsync(page, client, "NoBackup", "staging", "backup", "second@example.com");

        // And back again.
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(Line(page, "NoBackup", "staging")).ToHaveCountAsync(1);
        (await ReadAsync(client, "staging", "backup")).Should().Be("null");

        // Pages: where it is mended.
        foreach (var (rule, budget, address, shown) in new[]
        {
            ("SpentWhileBlocked", "stopper", "/budgets/" + _ids["stopper"], "Who asks"),
            ("NotAsked", "stopper", "/budgets/" + _ids["stopper"], "Who asks"),
            ("NotObeyed", "stopper", "/budgets/" + _ids["stopper"], "Who asks"),
            ("ArrivesAfterWindow", "hourly", "/budgets/" + _ids["hourly"], "Window"),
            ("MatchedNothing", "nothing", "/budgets/" + _ids["nothing"], "nothing.*"),
            ("Unclassified", null, "/tiers?tier=none", "loose.end"),
            ("Unpriced", null, "/requests?only=unpriced", "no-such-model"),
        })
        {
            await page.Locator($".lint[data-rule={rule}] .lint-line").Filter(new() { HasText = budget }).Locator("a.button").ClickAsync();
            await Expect(page).ToHaveURLAsync(new Regex(Regex.Escape(address) + "$"));
            await Expect(page.Locator("main")).ToContainTextAsync(shown);
            await ListAsync(page);
        }

        // New budgets: begun with what was missing, saved, and the finding is gone.
        await SaveNewAsync(page, "NoTotal", "5");
        await SaveNewAsync(page, "Uncovered", "100");
        await DeleteAllButTotalsAsync(client);
        await page.ReloadAsync();
        await browser.LiveAsync();
        await SaveNewAsync(page, "WorkspaceOnly", "10");
        browser.Errors.Should().BeEmpty();
    }

    private static ILocator Line(IPage page, string rule, string budget) =>
        page.Locator($".lint[data-rule={rule}] .lint-line").Filter(new() { Has = page.GetByRole(AriaRole.Link, new() { Name = budget, Exact = true }) });

    private async Task FixAsync(IPage page, HttpClient client, string rule, string budget, string field, string wanted, int tolerance = 0)
    {
        await Line(page, rule, budget).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(Line(page, rule, budget)).ToHaveCountAsync(0);
        var value = await ReadAsync(client, budget, field);
        if (tolerance == 0)
        {
            value.Should().Be(wanted, $"{rule} of {budget}");
        }
        else
        {
            int.Parse(value, CultureInfo.InvariantCulture).Should().BeInRange(int.Parse(wanted, CultureInfo.InvariantCulture) - tolerance, int.Parse(wanted, CultureInfo.InvariantCulture) + tolerance);
        }
    }

    private static async Task ListAsync(IPage page)
    {
        await page.Locator("nav a[data-key=b]").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/budgets$"));
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Policy check" })).ToBeVisibleAsync();
        await Expect(page.Locator(".lint-panel .panel-title small")).ToBeVisibleAsync();
    }

    private static async Task SaveNewAsync(IPage page, string rule, string limit)
    {
        await page.Locator($".lint[data-rule={rule}] a.button").First.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"/budgets/new\?"));
        var usd = page.Locator("#f-limitUsd");
        await usd.FillAsync(limit);
        await usd.BlurAsync();
        await page.Locator("[data-save]").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/budgets/bud_"));
        await ListAsync(page);
        await Expect(page.Locator($".lint[data-rule={rule}]")).ToHaveCountAsync(0);
    }

    private async Task<string> ReadAsync(HttpClient client, string budget, string field)
    {
        var element = (await client.ReadAsync("/v1/budgets/" + _ids[budget]))[field.Split('.')[0]];
        element = field.Contains('.', StringComparison.Ordinal) ? element.GetProperty(field.Split('.')[1]) : element;
        return element.ValueKind == System.Text.Json.JsonValueKind.String ? element.GetString()! : element.GetRawText();
    }

    private async Task PrepareAsync(HttpClient client)
    {
        await TierAsync(client, "pay.checkout", 1);
        await TierAsync(client, "agents.*", 3);
        await BudgetAsync(client, "staging", """ "conditions":[{"dimension":"endpointTag","values":["pay.*"]}],"environments":["prod","staging"],"cap":"soft","limitUsd":40,"window":{"kind":"day"} """);
        await BudgetAsync(client, "critical", """ "conditions":[{"dimension":"endpointTag","values":["pay.checkout"]}],"cap":"hard","limitUsd":40,"window":{"kind":"month"} """);
        await BudgetAsync(client, "stopper", """ "conditions":[{"dimension":"endpointTag","values":["agents.*"]}],"cap":"hard","confirmation":{"mode":"immediate"},"limitUsd":0.001,"window":{"kind":"day"} """);
        await BudgetAsync(client, "tenants", """ "conditions":[{"dimension":"endpointTag","values":["agents.*"]},{"dimension":"model","values":["gpt-5*"]}],"per":"tenantId","cap":"degrade","limitUsd":40,"window":{"kind":"day"} """);
        await BudgetAsync(client, "late", """ "conditions":[{"dimension":"endpointTag","values":["late.batch"]}],"cap":"soft","limitUsd":40,"window":{"kind":"total"} """);
        await BudgetAsync(client, "hourly", """ "conditions":[{"dimension":"endpointTag","values":["late.batch"]}],"cap":"soft","limitUsd":40,"window":{"kind":"hour"} """);
        await BudgetAsync(client, "nothing", """ "conditions":[{"dimension":"endpointTag","values":["nothing.*"]}],"cap":"soft","limitUsd":40,"window":{"kind":"day"} """);
        TestMembers.Add(DataFolder, "second", "PolicyOwner");

        var now = TimeProvider.System.GetUtcNow();
        await SendAsync(client, Enumerable.Range(0, 10).Select(i => Row($"old_{i}", "pay.checkout", now.AddDays(-3))));
        await SendAsync(client, Enumerable.Range(0, 40).Select(i => Row($"pay_{i}", "pay.checkout", now, "\"tenantId\":\"t1\",")));
        await SendAsync(client, Enumerable.Range(0, 40).Select(i => Row($"agents_{i}", "agents.run", now, i % 2 == 0 ? "\"tenantId\":\"t1\"," : "")));
        await SendAsync(client, Enumerable.Range(0, 120).Select(i => Row($"late_{i}", "late.batch", now.AddHours(-3))));
        await SendAsync(client, Enumerable.Range(0, 40).Select(i => Row($"loose_{i}", "loose.end", now)));
        await SendAsync(client, Enumerable.Range(0, 10).Select(i => Row($"odd_{i}", "pay.checkout", now).Replace("gpt-5-mini", "no-such-model", StringComparison.Ordinal)));

        // Told to stop, and called all the same.
        var told = await client.PostAsync("/v1/decisions", """{"endpointTag":"agents.run","tenantId":"t1","externalRequestId":"after_0","reserve":false}""");
        told["action"].GetString().Should().Be("block");
        await SendAsync(client, [Row("after_0", "agents.run", TimeProvider.System.GetUtcNow(), "\"tenantId\":\"t1\",")]);
        TestSql.Run(DataFolder, "UPDATE budgets SET document = replace(document, '\"owner\":\"lead@example.com\"', '\"owner\":\"gone@example.com\"') WHERE name = 'staging'");
    }

    private static string Row(string id, string endpoint, DateTimeOffset at, string extra = "") => $$"""
        {"externalRequestId":"{{id}}","provider":"openai","model":"gpt-5-mini","endpointTag":"{{endpoint}}","promptVersion":"v1",{{extra}}"inputTokens":240,"outputTokens":80,"latencyMs":0,"status":"success","occurredAt":"{{at:O}}"}
        """;

    private static async Task SendAsync(HttpClient client, IEnumerable<string> rows)
    {
        var answer = await client.PostAsync("/v1/ingest/llm-requests", $"[{string.Join(',', rows)}]");
        answer.Status.Should().Be(200, answer.Text);
        answer["rejected"].GetArrayLength().Should().Be(0, answer.Text);
    }

    private async Task BudgetAsync(HttpClient client, string name, string members)
    {
        var answer = await client.PostAsync("/v1/budgets", $$"""{"name":"{{name}}","owner":"lead@example.com","escalation":"default",{{members}}}""");
        answer.Status.Should().Be(201, answer.Text);
        _ids[name] = answer["id"].GetString()!;
    }

    private static async Task TierAsync(HttpClient client, string pattern, int tier) =>
        (await client.PostAsync("/v1/tiers", $$"""{"pattern":"{{pattern}}","tier":{{tier}}}""")).Status.Should().Be(201);

    private static async Task DeleteAllButTotalsAsync(HttpClient client)
    {
        foreach (var budget in (await client.ReadAsync("/v1/budgets"))["items"].EnumerateArray())
        {
            if (budget.GetProperty("conditions").GetArrayLength() > 0 || budget.GetProperty("per").ValueKind == System.Text.Json.JsonValueKind.String)
            {
                await client.SendAsync(HttpMethod.Delete, "/v1/budgets/" + budget.GetProperty("id").GetString(), null);
            }
        }
    }
}
