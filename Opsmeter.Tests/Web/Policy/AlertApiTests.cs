using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AwesomeAssertions;
using Opsmeter.Core.Alerts;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Web.Policy;

/// <summary>What people are told of, once, with who is behind it; requests cost 10 cents each.</summary>
public sealed class AlertApiTests
{
    private static (string, JsonNode?)[] DollarADay => [("limitUsd", 1), ("cap", "hard"), ("confirmation", JsonNode.Parse("""{"mode":"immediate"}"""))];

    [Fact]
    public async Task Alerts_EachKindOnce_TheGravestNamesWhatItSkipped()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(DollarADay));

        await SendAsync(client, 7);
        (await AlertsAsync(client)).Should().BeEmpty();
        await SendAsync(client, 3);
        var warned = (await AlertsAsync(client)).Should().ContainSingle().Subject;
        (Text(warned, "kind"), Text(warned, "state"), Text(warned, "owner"), warned.GetProperty("limit").GetDecimal()).Should().Be(("warning", "open", PolicyOpsmeter.Owner, 1m));
        Kinds(warned).Should().Equal("warning");

        // Past the limit of an immediate cap: exceeded and blocked at once, told as one.
        await SendAsync(client, 5);
        var blocked = (await AlertsAsync(client)).Should().ContainSingle().Subject;
        Text(blocked, "kind").Should().Be("blocked");
        Kinds(blocked).Should().Equal("warning", "degraded", "exceeded", "blocked");
        blocked.GetProperty("used").GetDecimal().Should().Be(1.1m);
        (await opsmeter.LedgerAsync(db => Task.FromResult(db.Alerts.Count()))).Should().Be(2, "more requests are no news");
    }

    [Fact]
    public async Task Alerts_AreNeverOnlyATotal()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget([.. DollarADay, ("conditions", JsonNode.Parse("""[{"dimension":"endpointTag","values":["agents.*"]}]"""))]));
        await SendAsync(client, 6, "agents.plan", "t1");
        await SendAsync(client, 2, "agents.code", "t2");
        await SendAsync(client, 9, "chat.reply", "t3");

        var alert = (await AlertsAsync(client)).Single();

        Parts(alert, "endpoints").Should().Equal("agents.plan 0.6 0.75", "agents.code 0.2 0.25");
        Parts(alert, "tenants").Should().Equal("t1 0.6 0.75", "t2 0.2 0.25");
        Text(alert, "link").Should().StartWith("investigate?").And.Contain("endpoint=agents.code").And.Contain("endpoint=agents.plan").And.NotContain("chat");
    }

    [Fact]
    public async Task Alerts_RaisedLimit_RecoverAndAreNewsAgainWhenReachedAgain()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var id = (await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(DollarADay)))["id"].GetString();
        await SendAsync(client, 11);
        (await AlertsAsync(client)).Select(alert => Text(alert, "state")).Should().Equal("open");

        await client.SendAsync(HttpMethod.Put, "/v1/budgets/" + id, PolicyOpsmeter.Budget([.. DollarADay, ("limitUsd", 2)]));
        var recovered = (await AlertsAsync(client)).Single();
        (Text(recovered, "state"), Text(recovered, "kind")).Should().Be(("ended", "blocked"));
        Kinds(recovered).Should().Contain("recovered");

        await SendAsync(client, 10);
        var again = (await AlertsAsync(client)).Single();
        (Text(again, "state"), again.GetProperty("limit").GetDecimal()).Should().Be(("open", 2m));
        (await KindsToldAsync(opsmeter)).Should().Equal(AlertKind.Warning, AlertKind.Blocked, AlertKind.Recovered, AlertKind.Warning, AlertKind.Blocked);
    }

    [Fact]
    public async Task Alerts_EditThatLowersNothing_TellsNothing()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var id = (await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(DollarADay)))["id"].GetString();
        await SendAsync(client, 11);

        await client.SendAsync(HttpMethod.Put, "/v1/budgets/" + id, PolicyOpsmeter.Budget([.. DollarADay, ("notes", "looked at")]));
        await client.SendAsync(HttpMethod.Put, "/v1/budgets/" + id, PolicyOpsmeter.Budget([.. DollarADay, ("limitUsd", JsonNode.Parse("0.5"))]));

        (await KindsToldAsync(opsmeter)).Should().Equal(AlertKind.Warning, AlertKind.Blocked);
    }

    [Fact]
    public async Task Alerts_OfManyKeys_AreOneIncidentListingThemByExcess()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget([.. DollarADay, ("per", "tenantId")]));
        await SendAsync(client, 11, tenant: "t1");
        await SendAsync(client, 14, tenant: "t2");
        await SendAsync(client, 2, tenant: "t3");

        var alert = (await AlertsAsync(client)).Should().ContainSingle().Subject;

        alert.GetProperty("keyCount").GetInt32().Should().Be(2);
        alert.GetProperty("keys").EnumerateArray().Select(key => Text(key, "key")).Should().BeEquivalentTo("t1", "t2");
    }

    [Fact]
    public async Task Alerts_LateRequestAndWindowsEnd_AreSilent()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(DollarADay));
        await SendAsync(client, 9);
        opsmeter.Clock!.Advance(TimeSpan.FromDays(1));

        var late = JsonNode.Parse(PolicyOpsmeter.Row("late"))!;
        (late["occurredAt"], late["inputTokens"]) = (PolicyOpsmeter.Now.ToString("O", CultureInfo.InvariantCulture), 8_000_000);
        await client.CountAsync(late.ToJsonString());

        (await AlertsAsync(client)).Select(alert => Text(alert, "state")).Should().Equal("ended");
        (await KindsToldAsync(opsmeter)).Should().Equal(AlertKind.Warning);
    }

    [Fact]
    public async Task Forecast_PastWhatTheBudgetAsks_IsToldOnceAndAgainAfterARaise()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        static string Monthly(int limit) => PolicyOpsmeter.Budget(
            ("limitUsd", limit), ("window", JsonNode.Parse("""{"kind":"month"}""")), ("forecastWarnAt", JsonNode.Parse("0.9")));
        var id = (await client.PostAsync("/v1/budgets", Monthly(3)))["id"].GetString();

        // 70 cents in the first two days that anything is known of, with seven more to come: heading for more than three dollars.
        var first = JsonNode.Parse(PolicyOpsmeter.Row("first"))!;
        first["occurredAt"] = PolicyOpsmeter.Now.AddDays(-2).ToString("O", CultureInfo.InvariantCulture);
        await client.CountAsync(first.ToJsonString());
        await SendAsync(client, 6);
        var told = await WaitAsync(opsmeter, client, 1);
        (Text(told, "kind"), told.GetProperty("used").GetDecimal()).Should().Be(("forecast", 0.7m));
        told.GetProperty("forecastUsd").GetDecimal().Should().BeInRange(3m, 4m);

        opsmeter.Clock!.Advance(TimeSpan.FromMinutes(2));
        await SendAsync(client, 18);
        await TickAsync(opsmeter, 2);
        (await KindsToldAsync(opsmeter)).Should().Equal(AlertKind.Forecast, AlertKind.Degraded);

        // Raised past the forecast, and reached again.
        await client.SendAsync(HttpMethod.Put, "/v1/budgets/" + id, Monthly(20));
        await TickAsync(opsmeter, 3);
        (await KindsToldAsync(opsmeter)).Should().Equal(AlertKind.Forecast, AlertKind.Degraded, AlertKind.Recovered);
        await SendAsync(client, 20);
        (await WaitAsync(opsmeter, client, 4)).GetProperty("forecastUsd").GetDecimal().Should().BeGreaterThan(18m);
    }

    [Fact]
    public async Task Threshold_Passed_IsToldOnceUnlessGraverNewsSaidAsMuch()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("limitUsd", 2), ("notifyAt", JsonNode.Parse("[0.25, 0.5, 0.8]"))));

        // The higher of two that were passed at once stands for both.
        await SendAsync(client, 11);
        var told = await WaitAsync(opsmeter, client, 1);
        (Text(told, "kind"), told.GetProperty("used").GetDecimal()).Should().Be(("threshold", 1.1m));
        await TickAsync(opsmeter, 3);
        (await KindsToldAsync(opsmeter)).Should().Equal(AlertKind.Threshold);

        // The last is where the warning is: the warning says so.
        await client.PostAsync("/v1/ingest/llm-requests", new JsonArray([.. Enumerable.Range(0, 8).Select(n => JsonNode.Parse(PolicyOpsmeter.Row("leap" + n)))]).ToJsonString());
        await TickAsync(opsmeter, 8);
        (await KindsToldAsync(opsmeter)).Should().Equal(AlertKind.Threshold, AlertKind.Degraded);
    }

    /// <summary>Lets minutes go by until so many alerts were told.</summary>
    private static async Task<JsonElement> WaitAsync(TestOpsmeter opsmeter, HttpClient client, int alerts)
    {
        for (var i = 0; i < 40 && (await KindsToldAsync(opsmeter)).Length < alerts; i++)
        {
            await TickAsync(opsmeter, 1);
        }

        (await KindsToldAsync(opsmeter)).Length.Should().BeGreaterThanOrEqualTo(alerts);
        return (await AlertsAsync(client)).Single();
    }

    private static async Task TickAsync(TestOpsmeter opsmeter, int minutes)
    {
        for (var i = 0; i < minutes; i++)
        {
            opsmeter.Clock!.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(TimeSpan.FromMilliseconds(150), TimeProvider.System);
        }
    }

    [Fact]
    public async Task Alerts_OfABudgetThatIsDeleted_WaitForNobody()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var id = (await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(DollarADay)))["id"].GetString();
        await SendAsync(client, 9);

        await client.SendAsync(HttpMethod.Delete, "/v1/budgets/" + id, null);

        var alert = (await AlertsAsync(client)).Single();
        (Text(alert, "state"), Text(alert, "name"), alert.GetProperty("concentration").ValueKind).Should().Be(("ended", "Agents research", JsonValueKind.Null));
    }

    [Fact]
    public async Task Acknowledge_AndSnooze_AreSeenAndAudited()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(DollarADay));
        await SendAsync(client, 9);
        var path = "/v1/alerts/" + Text((await AlertsAsync(client)).Single(), "id");

        var until = PolicyOpsmeter.Now.AddHours(2).ToString("O", CultureInfo.InvariantCulture);
        (await client.PostAsync(path + "/snooze", $$"""{"until":"{{until}}"}""")).Status.Should().Be(204);
        (await AlertsAsync(client, "?state=snoozed")).Should().ContainSingle();
        opsmeter.Clock!.Advance(TimeSpan.FromHours(3));
        (await AlertsAsync(client, "?state=open")).Should().ContainSingle("it was put off for two hours");

        (await client.PostAsync(path + "/acknowledge", """{"outcome":"falseAlarm"}""")).Status.Should().Be(204);
        var known = (await AlertsAsync(client)).Single();
        (Text(known, "state"), Text(known, "outcome")).Should().Be(("acknowledged", "falseAlarm"));
        Text(known, "acknowledgedBy").Should().NotBeNullOrEmpty();
        (await opsmeter.AuditAsync("alert.")).Select(row => row.Action).Should().Equal("alert.snooze", "alert.acknowledge");

        (await client.PostAsync("/v1/alerts/bud_none~1/acknowledge", "{}")).Status.Should().Be(404);
        (await client.PostAsync(path + "/snooze", """{"until":"2020-01-01T00:00:00Z"}""")).Status.Should().Be(400);
        (await client.PostAsync(path + "/acknowledge", """{"outcome":"bored"}""")).Status.Should().Be(400);
        (await client.ReadAsync("/v1/alerts?state=lost")).Status.Should().Be(400);
    }

    [Fact]
    public async Task Alerts_ManyInOneCommit_AreAllReadPageByPage()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        for (var i = 0; i < 45; i++)
        {
            await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget([.. DollarADay, ("name", $"B{i}")]));
            if (i is 20 or 40)
            {
                await SendAsync(client, 9 - (i / 20 * 4), id: $"r{i}");
                opsmeter.Clock!.Advance(TimeSpan.FromMinutes(1));
            }
        }

        await SendAsync(client, 5, id: "last");
        var ids = new List<string?>();
        string? cursor = null;
        do
        {
            var page = await client.ReadAsync("/v1/alerts" + (cursor is null ? "" : "?cursor=" + cursor));
            ids.AddRange(page["items"].EnumerateArray().Select(item => Text(item, "budgetId")));
            cursor = page["nextCursor"].GetString();
        }
        while (cursor is not null);

        ids.Should().OnlyHaveUniqueItems().And.HaveCount(45);
    }

    private static async Task SendAsync(HttpClient client, int requests, string endpoint = "agents.plan", string? tenant = null, string? id = null)
    {
        for (var i = 0; i < requests; i++)
        {
            await client.CountAsync(PolicyOpsmeter.Row($"{id ?? Guid.NewGuid().ToString()}-{i}", endpoint, tenant: tenant));
        }
    }

    private static async Task<JsonElement[]> AlertsAsync(HttpClient client, string query = "")
    {
        var answer = await client.ReadAsync("/v1/alerts" + query);
        answer.Status.Should().Be(200, answer.Text);
        return [.. answer["items"].EnumerateArray()];
    }

    private static Task<AlertKind[]> KindsToldAsync(TestOpsmeter opsmeter) =>
        opsmeter.LedgerAsync(db => Task.FromResult(db.Alerts.OrderBy(row => row.Id).Select(row => (AlertKind)row.Kind).ToArray()));

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static IEnumerable<string?> Kinds(JsonElement alert) => alert.GetProperty("kinds").EnumerateArray().Select(kind => kind.GetString());

    private static IEnumerable<string> Parts(JsonElement alert, string of) => alert.GetProperty("concentration").GetProperty(of).EnumerateArray()
        .Select(part => $"{part.GetProperty("value")} {part.GetProperty("costUsd")} {part.GetProperty("share")}");
}
