using System.Text.Json;
using System.Text.Json.Nodes;
using AwesomeAssertions;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Identity;
using Xunit;

namespace Opsmeter.Tests.Web.Policy;

public sealed class BudgetApiTests
{
    private const string Path = "/v1/budgets";

    private const string Documented = """
        {"id": "ignored", "name": "Agents research", "enabled": true, "notes": null, "somethingNew": 1,
         "conditions": [{"dimension": "endpointTag", "values": ["agents.*"]}], "per": "tenantId",
         "overrides": [{"value": "tenant_x", "limitUsd": 90}],
         "environments": ["prod"], "dataModes": ["real"], "limitUsd": 500, "limitRequests": null, "limitTokens": null,
         "window": {"kind": "day", "timeZone": "Europe/Berlin", "weekStartsOn": "monday", "anchorDay": 1},
         "warnAt": 0.8, "notifyAt": [0.5], "forecastWarnAt": 1.0, "cap": "hard",
         "confirmation": {"mode": "burnRate", "minRate": 0, "longMinutes": 60, "shortMinutes": 5, "ceiling": 1.1},
         "degradedMode": {"model": "gpt-5-mini", "maxOutputTokens": 512, "maxInputTokens": null, "disableTools": true, "allowedTools": null},
         "degradeAt": "warning", "blockTier1": false, "unkeyedLimitUsd": null, "holdExpiry": "charge",
         "blockMessage": "Paused until {resetsAt}.", "owner": "Lead@Example.com", "backup": "second@example.com",
         "escalation": "default", "temporaryIncrease": {"amountUsd": 200, "until": "2026-11-24T00:00:00+01:00", "reason": "Launch"}}
        """;

    [Fact]
    public async Task Create_DocumentedBody_AnswersItWithIdOwnerAndIncreaseFilledIn()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();

        var created = await client.PostAsync(Path, Documented);

        created.Status.Should().Be(201, created.Text);
        var id = created["id"].GetString()!;
        id.Should().StartWith("bud_");
        created.Location.Should().Be($"/v1/budgets/{id}");
        created.ETag.Should().Be("\"1\"");
        var expected = JsonNode.Parse(Documented)!.AsObject();
        expected.Remove("somethingNew");
        (expected["id"], expected["owner"]) = (id, PolicyOpsmeter.Owner);
        expected["temporaryIncrease"]!["from"] = "2026-11-23T14:00:00+00:00";
        expected["temporaryIncrease"]!["until"] = "2026-11-23T23:00:00+00:00";
        JsonNode.DeepEquals(JsonNode.Parse(created.Text), expected).Should().BeTrue(created.Text);

        var read = await client.ReadAsync(created.Location!);
        read.Status.Should().Be(200);
        read.Text.Should().Be(created.Text);
        read.ETag.Should().Be("\"1\"");
        var list = await client.ReadAsync(Path);
        list["items"].EnumerateArray().Single().GetRawText().Should().Be(created.Text);
        list["nextCursor"].ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("hour", "byTier", 10, 2, "charge")]
    [InlineData("day", "hard", 60, 5, "charge")]
    [InlineData("WEEK", "Soft", 360, 30, "release")]
    [InlineData("month", "degrade", 360, 30, "release")]
    [InlineData("total", null, 360, 30, "charge")]
    public async Task Create_LeastBody_GetsTheDefaults(string kind, string? cap, int longMinutes, int shortMinutes, string holdExpiry)
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.SendAsync(HttpMethod.Put, "/v1/settings", """{"timeZone":"Asia/Kathmandu","weekStartsOn":"sunday"}""");

        var created = await client.PostAsync(
            Path, PolicyOpsmeter.Budget(("window", new JsonObject { ["kind"] = kind }), ("cap", cap), ("name", "  Research ")));

        created.Status.Should().Be(201, created.Text);
        var expected = JsonNode.Parse($$"""
            {"id": "{{created["id"].GetString()}}", "name": "Research", "enabled": true, "notes": null, "conditions": [], "per": null, "overrides": [],
             "environments": ["prod"], "dataModes": ["real"], "limitUsd": 500, "limitRequests": null, "limitTokens": null,
             "window": {"kind": "{{kind.ToLowerInvariant()}}", "timeZone": "Asia/Kathmandu", "weekStartsOn": "sunday", "anchorDay": 1},
             "warnAt": 0.8, "notifyAt": [], "forecastWarnAt": null, "cap": "{{JsonNamingPolicy.CamelCase.ConvertName(cap ?? "byTier")}}",
             "confirmation": {"mode": "burnRate", "minRate": 0, "longMinutes": {{longMinutes}}, "shortMinutes": {{shortMinutes}}, "ceiling": 1.10},
             "degradedMode": null, "degradeAt": "warning", "blockTier1": false, "unkeyedLimitUsd": null, "holdExpiry": "{{holdExpiry}}",
             "blockMessage": null, "owner": "lead@example.com", "backup": null, "escalation": "default", "temporaryIncrease": null}
            """);
        JsonNode.DeepEquals(JsonNode.Parse(created.Text), expected).Should().BeTrue(created.Text);
    }

    [Fact]
    public async Task Create_RequestCameBefore_IsCountedWhenItAnswers()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var cost = (await client.CountAsync(PolicyOpsmeter.Row("req_1")))["costUsd"].GetDecimal();
        await client.CountAsync(PolicyOpsmeter.Row("req_2", "chat.reply"));

        var created = await client.PostAsync(Path, PolicyOpsmeter.Budget(
            ("conditions", JsonNode.Parse("""[{"dimension":"endpointTag","values":["agents.*"]}]""")), ("limitUsd", cost * 0.9m)));

        created.Status.Should().Be(201, created.Text);
        cost.Should().Be(0.1m);
        (await client.SpentAsync()).Should().Be(cost);
        var transition = (await client.ReadAsync(created.Location + "/transitions"))["items"].EnumerateArray().Single();
        transition.GetProperty("from").GetString().Should().Be("ok");
        transition.GetProperty("to").GetString().Should().Be("exceeded");
        transition.GetProperty("measure").GetString().Should().Be("usd");
        transition.GetProperty("spentUsd").GetDecimal().Should().Be(0.1m);
        transition.GetProperty("limitUsd").GetDecimal().Should().Be(0.09m);
        transition.GetProperty("cause").GetString().Should().Be("policy");
        transition.GetProperty("windowStart").GetDateTimeOffset().Should().Be(PolicyOpsmeter.Instant("2026-11-23T00:00:00Z"));
        transition.GetProperty("windowEnd").GetDateTimeOffset().Should().Be(PolicyOpsmeter.Instant("2026-11-24T00:00:00Z"));
        transition.EnumerateObject().Select(member => member.Name).Should().BeEquivalentTo(
            "at", "recordedAt", "key", "from", "to", "confirmed", "measure", "spentUsd", "limitUsd", "burnLong", "burnShort", "cause",
            "windowStart", "windowEnd");
    }

    [Fact]
    public async Task Transitions_MoreThanAPage_GoOnAtTheCursor()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var created = await client.PostAsync(Path, PolicyOpsmeter.Budget(
            ("limitUsd", null), ("limitRequests", 1), ("per", "tenantId"), ("window", new JsonObject { ["kind"] = "total" })));
        for (var i = 0; i < 101; i++)
        {
            await client.CountAsync(PolicyOpsmeter.Row($"req_{i}", tenant: $"tenant_{i}"));
        }

        var first = await client.ReadAsync(created.Location + "/transitions");
        var second = await client.ReadAsync($"{created.Location}/transitions?cursor={first["nextCursor"].GetString()}");

        first["items"].GetArrayLength().Should().Be(100);
        first["items"][0].GetProperty("key").GetString().Should().Be("tenant_100");
        first["items"][0].GetProperty("spentUsd").ValueKind.Should().Be(JsonValueKind.Null);
        first["items"][0].GetProperty("windowEnd").ValueKind.Should().Be(JsonValueKind.Null);
        second["items"].EnumerateArray().Single().GetProperty("key").GetString().Should().Be("tenant_0");
        second["nextCursor"].ValueKind.Should().Be(JsonValueKind.Null);
        (await client.ReadAsync(created.Location + "/transitions?cursor=x")).Status.Should().Be(400);
    }

    [Fact]
    public async Task Replace_IfMatch_LetsOnlyTheCurrentVersionThrough()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var path = (await client.PostAsync(Path, PolicyOpsmeter.Budget())).Location!;

        var second = await Put("\"1\"", 501);
        var stale = await Put("\"1\"", 502);

        second.Status.Should().Be(200, second.Text);
        second.ETag.Should().Be("\"2\"");
        second["limitUsd"].GetDecimal().Should().Be(501);
        stale.Status.Should().Be(412);
        (await Put("W/\"2\"", 502)).Status.Should().Be(412, "a weak tag never matches");
        (await Put("2", 502)).Status.Should().Be(412);
        (await Put("\"7\", \"2\"", 502)).ETag.Should().Be("\"3\"");
        (await Put("*", 503)).ETag.Should().Be("\"4\"");
        (await Put(null, 504)).ETag.Should().Be("\"5\"");
        (await Put("\"5\"", 504)).ETag.Should().Be("\"5\"", "nothing changed");
        (await client.SendAsync(HttpMethod.Delete, path, null, "\"4\"")).Status.Should().Be(412);
        (await client.SendAsync(HttpMethod.Delete, path, null, "\"5\"")).Status.Should().Be(204);
        (await Put(null, 505)).Status.Should().Be(404);
        (await client.SendAsync(HttpMethod.Delete, path, null)).Status.Should().Be(404);
        (await client.ReadAsync(path)).Status.Should().Be(404);

        Task<JsonAnswer> Put(string? ifMatch, int limit) =>
            client.SendAsync(HttpMethod.Put, path, PolicyOpsmeter.Budget(("limitUsd", limit)), ifMatch);
    }

    [Fact]
    public async Task Replace_OtherConditions_CountsItsWindowAnewAndLeavesEndedOnesAlone()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var path = (await client.PostAsync(Path, PolicyOpsmeter.Budget())).Location!;
        await client.CountAsync(PolicyOpsmeter.Row("req_1"));
        await client.CountAsync(PolicyOpsmeter.Row("req_2", "chat.reply"));
        var first = await CountedFrom();
        opsmeter.Clock!.Advance(TimeSpan.FromDays(1));
        await client.CountAsync(PolicyOpsmeter.Row("req_3"));
        await client.CountAsync(PolicyOpsmeter.Row("req_4", "chat.reply"));

        await client.SendAsync(HttpMethod.Put, path, PolicyOpsmeter.Budget(("limitUsd", 900)));
        var afterLimit = await CountedFrom();
        var bothSpent = await client.SpentAsync();
        await client.SendAsync(HttpMethod.Put, path, PolicyOpsmeter.Budget(
            ("conditions", JsonNode.Parse("""[{"dimension":"endpointTag","values":["agents.plan"]}]"""))));

        first.Should().Be(PolicyOpsmeter.Instant("2026-11-23T00:00:00Z"));
        afterLimit.Should().Be(first, "another limit counts the same requests");
        bothSpent.Should().Be(0.2m);
        (await CountedFrom()).Should().Be(PolicyOpsmeter.Instant("2026-11-24T00:00:00Z"));
        (await client.SpentAsync()).Should().Be(0.1m);

        async Task<DateTimeOffset> CountedFrom() =>
            new(await opsmeter.LedgerAsync(db => db.Budgets.Select(row => row.CountedFromTicks).SingleAsync()), TimeSpan.Zero);
    }

    [Fact]
    public async Task Replace_IncreaseHasRunOut_StaysAsItWas()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var created = await client.PostAsync(Path, Documented);
        opsmeter.Clock!.Advance(TimeSpan.FromDays(2));

        var body = PolicyOpsmeter.Body(created.Text, ("notes", "Reviewed."));
        var kept = await client.SendAsync(HttpMethod.Put, created.Location!, body);
        var again = await client.SendAsync(HttpMethod.Put, created.Location!, PolicyOpsmeter.Body(body, ("temporaryIncrease", new JsonObject
        {
            ["amountUsd"] = 300, ["until"] = "2026-11-24T00:00:00Z", ["reason"] = "Launch",
        })));

        kept.Status.Should().Be(200, kept.Text);
        kept["temporaryIncrease"].GetRawText().Should().Be(created["temporaryIncrease"].GetRawText());
        again.Status.Should().Be(400);
        again["errors"].TryGetProperty("temporaryIncrease.until", out _).Should().BeTrue(again.Text);
    }

    [Fact]
    public async Task Delete_WithCountedWindows_TakesThemAndTheStateAlong()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var path = (await client.PostAsync(Path, PolicyOpsmeter.Budget(("limitUsd", 0.01)))).Location!;
        var counted = await client.CountAsync(PolicyOpsmeter.Row("req_1"));
        counted["budgetExceeded"].GetBoolean().Should().BeTrue();

        (await client.SendAsync(HttpMethod.Delete, path, null)).Status.Should().Be(204);

        (await opsmeter.LedgerAsync(db => db.Meters.CountAsync())).Should().Be(0);
        (await client.PostAsync("/v1/decisions", """{"endpointTag":"agents.plan"}"""))["reason"].GetString().Should().Be("no_budget");
        (await client.CountAsync(PolicyOpsmeter.Row("req_2")))["budgetExceeded"].GetBoolean().Should().BeFalse();
    }

    [Fact]
    public async Task Change_EachKind_IsAuditedWithWhoBeforeAndAfter()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var created = await client.PostAsync(Path, PolicyOpsmeter.Budget());
        await client.PostAsync(Path, "{}");
        var replaced = await client.SendAsync(HttpMethod.Put, created.Location!, PolicyOpsmeter.Budget(("limitUsd", 600)));
        await client.SendAsync(HttpMethod.Delete, created.Location!, null);

        var rows = await opsmeter.AuditAsync("budget.");

        rows.Select(row => row.Action).Should().Equal("budget.create", "budget.replace", "budget.delete");
        rows.Select(row => row.Target).Should().AllBe(created["id"].GetString());
        rows.Select(row => row.Actor).Should().AllSatisfy(actor => actor.Should().StartWith("key opm_"));
        rows.Select(row => row.Before).Should().Equal(null, created.Text, replaced.Text);
        rows.Select(row => row.After).Should().Equal(created.Text, replaced.Text, null);
    }

    [Fact]
    public async Task Change_NameOfAnother_IsAConflict()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.PostAsync(Path, PolicyOpsmeter.Budget());
        var other = await client.PostAsync(Path, PolicyOpsmeter.Budget(("name", "an other")));

        var again = await client.PostAsync(Path, PolicyOpsmeter.Budget(("name", " Agents research")));
        var renamed = await client.SendAsync(HttpMethod.Put, other.Location!, PolicyOpsmeter.Budget());

        again.Status.Should().Be(409);
        again["errors"].GetProperty("name").GetArrayLength().Should().Be(1);
        renamed.Status.Should().Be(409);
        (await client.ReadAsync(Path))["items"].EnumerateArray().Select(item => item.GetProperty("name").GetString())
            .Should().Equal("Agents research", "an other");
    }

    [Fact]
    public async Task Routes_Scopes_ReadReadsAndManageDoesBoth()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var manager = await opsmeter.ClientAsync(KeyScopes.Manage);
        using var reader = await opsmeter.ClientAsync(KeyScopes.Read);
        using var sender = await opsmeter.ClientAsync(KeyScopes.Ingest | KeyScopes.Decide);
        var path = (await manager.PostAsync(Path, PolicyOpsmeter.Budget())).Location!;

        (await manager.ReadAsync(path)).Status.Should().Be(200);
        (await reader.ReadAsync(path)).Status.Should().Be(200);
        (await reader.ReadAsync(path + "/transitions")).Status.Should().Be(200);
        (await reader.ReadAsync("/v1/tiers")).Status.Should().Be(200);
        (await reader.ReadAsync("/v1/settings")).Status.Should().Be(200);
        (await reader.PostAsync(Path, PolicyOpsmeter.Budget())).Status.Should().Be(403);
        (await reader.SendAsync(HttpMethod.Put, path, PolicyOpsmeter.Budget())).Status.Should().Be(403);
        (await reader.SendAsync(HttpMethod.Delete, path, null)).Status.Should().Be(403);
        (await reader.PostAsync("/v1/requests/req_1/void", "{}")).Status.Should().Be(403);
        (await sender.ReadAsync(path)).Status.Should().Be(403);
        (await opsmeter.CreateClient().ReadAsync(path)).Status.Should().Be(401);
    }

    [Theory]
    [InlineData("/v1/budgets/bud_1")]
    [InlineData("/v1/budgets/bud_1/transitions")]
    [InlineData("/v1/tiers/none")]
    public async Task Routes_NothingThere_Are404(string path)
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();

        var answer = await client.ReadAsync(path);

        answer.Status.Should().Be(404, answer.Text);
        answer["type"].GetString().Should().Be("/problems/not-found");
    }
}
