using System.Text.Json;
using System.Text.Json.Nodes;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Identity;
using Xunit;

namespace Opsmeter.Tests.Web.Policy;

/// <summary>The whole policy as one document: read, changed, tried and put back without a difference.</summary>
public sealed class PolicyDocumentApiTests
{
    private const string Path = "/v1/policy";
    private const string Yaml = "/v1/policy?format=yaml";
    private const string YamlType = "application/yaml";

    // Whatever YAML, JSON or a careless writer could bend.
    private static readonly string Odd = PolicyOpsmeter.Budget(
        ("name", "no: yes # \"quoted\" 'it' – ünïcödé 💸"), ("notes", "two\nlines\t\\ and no end"), ("limitUsd", JsonNode.Parse("0.000000001")),
        ("conditions", JsonNode.Parse("""[{"dimension":"endpointTag","values":["agents.*","0123","null","~","- x","true","1e3","a, b","[c]"]}]""")?.AsArray()),
        ("per", "tenantId"), ("overrides", JsonNode.Parse("""[{"value":"007","limitUsd":12.340}]""")), ("notifyAt", JsonNode.Parse("[0.50,0.9]")),
        ("environments", JsonNode.Parse("""["prod","staging"]""")), ("unkeyedLimitUsd", JsonNode.Parse("1.10")), ("backup", PolicyOpsmeter.Backup),
        ("blockMessage", "Paused until {resetsAt}: sorry!"), ("degradedMode", JsonNode.Parse("""{"model":"gpt-5-mini","maxOutputTokens":512,"allowedTools":["search","no"]}""")),
        ("temporaryIncrease", JsonNode.Parse("""{"amountUsd":20.5,"until":"2026-11-25T10:00:00+01:00","reason":"launch: week"}""")));

    [Theory]
    [InlineData(Path, "application/json")]
    [InlineData(Yaml, YamlType)]
    public async Task RoundTrip_OddPolicy_ChangesNothingAndReadsTheSame(string path, string type)
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await FillAsync(client);
        var first = await client.ReadAsync(path);
        var audited = (await opsmeter.AuditAsync("")).Length;

        var put = await client.SendAsync(HttpMethod.Put, Path, first.Text, first.ETag, type);

        put.Status.Should().Be(200, put.Text);
        put["changes"].GetArrayLength().Should().Be(0, put.Text);
        put.ETag.Should().Be(first.ETag);
        (await client.ReadAsync(path)).Text.Should().Be(first.Text);
        (await opsmeter.AuditAsync("")).Should().HaveCount(audited);
    }

    [Fact]
    public async Task Put_Escalations_AreMadeChangedAndTakenAway()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        const string Night = """{"name":"night","steps":[{"afterMinutes":0,"notify":"owner"}]}""";
        var budget = PolicyOpsmeter.Budget(("escalation", "night"));

        (await client.SendAsync(HttpMethod.Put, Path, $$"""{"escalations":[{{Night}}],"budgets":[{{budget}}]}""")).Status.Should().Be(200);
        (await client.ReadAsync("/v1/escalations"))["items"].EnumerateArray().Select(item => item.GetProperty("name").GetString()).Should().Equal("default", "night");

        var refused = await client.SendAsync(HttpMethod.Put, Path, """{"escalations":[]}""");
        (refused.Status, refused["errors"].EnumerateObject().Single().Name).Should().Be((400, "escalations"));
        (await client.SendAsync(HttpMethod.Put, Path, """{"escalations":[],"budgets":[]}""")).Status.Should().Be(200);
        (await client.ReadAsync(Path))["escalations"].EnumerateArray().Select(item => item.GetProperty("name").GetString()).Should().Equal("default");
        (await opsmeter.AuditAsync("escalation.")).Select(row => row.Action).Should().Equal("escalation.create", "escalation.delete");
    }

    [Fact]
    public async Task Put_IntoAnotherWorkspace_MakesTheSameDocument()
    {
        await using var one = await PolicyOpsmeter.StartAsync();
        using var from = await one.ClientAsync();
        await FillAsync(from);
        await using var other = await PolicyOpsmeter.StartAsync();
        using var to = await other.ClientAsync();
        var yaml = await from.ReadAsync(Yaml);

        var put = await to.SendAsync(HttpMethod.Put, Path, yaml.Text, type: "text/yaml");

        put.Status.Should().Be(200, put.Text);
        put["changes"].EnumerateArray().Select(change => change.GetProperty("action").GetString()).Should().OnlyContain(action => action == "create" || action == "replace");
        var read = await to.ReadAsync(Yaml);
        (read.Text, read.ETag).Should().Be((yaml.Text, yaml.ETag));
    }

    [Fact]
    public async Task Put_BothSpellings_SayTheSame()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await FillAsync(client);
        var json = await client.ReadAsync(Path);

        var put = await client.SendAsync(HttpMethod.Put, Path, (await client.ReadAsync(Yaml)).Text, type: YamlType);

        put["changes"].GetArrayLength().Should().Be(0, put.Text);
        (await client.ReadAsync(Path)).Text.Should().Be(json.Text);
    }

    [Fact]
    public async Task Put_AddsChangesAndDeletes_InOneStepEachAudited()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var kept = (await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("name", "Kept"))))["id"].GetString();
        var gone = (await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("name", "Gone"))))["id"].GetString();
        await client.PostAsync("/v1/tiers", """{"pattern":"agents.*","tier":3}""");
        await client.CountAsync(PolicyOpsmeter.Row("r1"));

        var put = await client.SendAsync(HttpMethod.Put, Path, $$"""
            budgets:
              - name: Kept           # found by its name
                limitUsd: 0.05
                cap: hard
                confirmation: {mode: immediate}
                window: {kind: day}
                owner: {{PolicyOpsmeter.Owner}}
                escalation: default
              - name: New
                limitUsd: 10
                window: {kind: month}
                owner: {{PolicyOpsmeter.Owner}}
                escalation: default
            defaultTier: 3
            degradedModes:
              tier3: {model: gpt-5-nano}
            """, type: YamlType);

        put.Status.Should().Be(200, put.Text);
        put["changes"].EnumerateArray().Select(change => $"{change.GetProperty("kind")} {change.GetProperty("action")} {change.GetProperty("name")}")
            .Should().BeEquivalentTo("budget delete Gone", "budget replace Kept", "budget create New", "settings replace ");
        var limit = put["changes"].EnumerateArray().Single(change => change.GetProperty("id").GetString() == kept).GetProperty("fields").GetProperty("limitUsd");
        (limit.GetProperty("before").GetDecimal(), limit.GetProperty("after").GetDecimal()).Should().Be((500m, 0.05m));
        (await client.ReadAsync("/v1/budgets/" + gone)).Status.Should().Be(404);
        (await client.ReadAsync("/v1/tiers"))["items"].GetArrayLength().Should().Be(1, "tiers were left out");
        (await opsmeter.AuditAsync("budget.")).Select(row => row.Action).Should().Equal("budget.create", "budget.create", "budget.delete", "budget.replace", "budget.create");

        // In force, counted over the window that runs.
        (await client.PostAsync("/v1/decisions", """{"endpointTag":"agents.plan"}"""))["action"].GetString().Should().Be("block");
    }

    [Fact]
    public async Task Put_TwoNamesExchanged_AreExchanged()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("name", "One"), ("limitUsd", 1)));
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("name", "Two"), ("limitUsd", 2)));
        var text = (await client.ReadAsync(Path)).Text.Replace("\"One\"", "\"\"", StringComparison.Ordinal).Replace("\"Two\"", "\"One\"", StringComparison.Ordinal)
            .Replace("\"name\": \"\"", "\"name\": \"Two\"", StringComparison.Ordinal);

        (await client.SendAsync(HttpMethod.Put, Path, text)).Status.Should().Be(200);

        (await client.ReadAsync("/v1/budgets"))["items"].EnumerateArray().Select(budget => (budget.GetProperty("name").GetString(), budget.GetProperty("limitUsd").GetDecimal()))
            .Should().Equal(("One", 2m), ("Two", 1m));
    }

    [Fact]
    public async Task DryRun_TellsDifferenceAndReplay_AndChangesNothing()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.CountAsync(PolicyOpsmeter.Row("r1"));
        opsmeter.Clock!.Advance(TimeSpan.FromMinutes(1));
        var body = $$"""{"budgets":[{{PolicyOpsmeter.Budget(("limitUsd", JsonNode.Parse("0.05")))}}]}""";

        var tried = await client.SendAsync(HttpMethod.Put, Path + "?dryRun=true", body);

        tried.Status.Should().Be(200, tried.Text);
        tried["changes"].EnumerateArray().Single().GetProperty("action").GetString().Should().Be("create");
        tried["replay"].GetProperty("requests").GetInt32().Should().Be(1);
        tried["replay"].GetProperty("transitions").EnumerateArray().Single().GetProperty("to").GetString().Should().Be("exceeded");
        (await client.ReadAsync("/v1/budgets"))["items"].GetArrayLength().Should().Be(0);
        (await client.ReadAsync(Path)).ETag.Should().Be(tried.ETag);
    }

    [Fact]
    public async Task Put_MadeFromAnOlderPolicy_Is412()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var read = await client.ReadAsync(Path);
        await client.PostAsync("/v1/tiers", """{"pattern":"agents.*","tier":3}""");

        (await client.SendAsync(HttpMethod.Put, Path, read.Text, read.ETag)).Status.Should().Be(412);
        (await client.SendAsync(HttpMethod.Put, Path + "?dryRun=true", read.Text, read.ETag)).Status.Should().Be(412);
        (await client.ReadAsync("/v1/tiers"))["items"].GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task Put_SomethingWrong_SaysAllOfItAndChangesNothing()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();

        var answer = await client.SendAsync(HttpMethod.Put, Path, $$"""
            {"budgets":[{{PolicyOpsmeter.Budget()}},{{PolicyOpsmeter.Budget(("warnAt", 7), ("owner", "nobody@example.com"))}}],
             "tiers":[{"pattern":"a.*","tier":9},{"pattern":"b","tier":1,"id":"../x"}],"defaultTier":5}
            """);

        answer.Status.Should().Be(400, answer.Text);
        answer["errors"].EnumerateObject().Select(error => error.Name).Should().BeEquivalentTo(
            "budgets[1].warnAt", "budgets[1].owner", "tiers[0].tier", "tiers[1].id", "defaultTier");
        (await client.ReadAsync("/v1/budgets"))["items"].GetArrayLength().Should().Be(0);
    }

    [Theory]
    [InlineData("a: &x [1]\nb: *x\n", "Anchors")]
    [InlineData("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "Anchors")]
    [InlineData("budgets: !!map {}\n", "Tags")]
    [InlineData("budgets: []\nbudgets: []\n", "twice")]
    [InlineData("budgets: [\n", "Line")]
    [InlineData("--- {}\n--- {}\n", "several")]
    [InlineData("", "empty")]
    [InlineData("- 1\n", "object")]
    public async Task Put_YamlThatIsNone_IsRefused(string yaml, string says)
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();

        var answer = await client.SendAsync(HttpMethod.Put, Path, yaml, type: YamlType);

        answer.Status.Should().Be(400);
        answer.Text.Should().Contain(says);
    }

    [Fact]
    public async Task Put_DeeplyNested_IsRefused()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();

        (await client.SendAsync(HttpMethod.Put, Path, new string('[', 5_000) + new string(']', 5_000), type: YamlType)).Status.Should().Be(400);
        (await client.SendAsync(HttpMethod.Put, Path, new string('[', 5_000) + new string(']', 5_000))).Status.Should().Be(400);
        (await client.SendAsync(HttpMethod.Put, Path, "x", type: "text/plain")).Status.Should().Be(415);
    }

    [Fact]
    public async Task Put_OwnerHasLeft_WhatIsAsItWasStays()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("owner", PolicyOpsmeter.Backup)));
        var read = await client.ReadAsync(Path);
        await opsmeter.LedgerAsync(async db =>
        {
            db.Users.Remove(db.Users.Single(row => row.Email == PolicyOpsmeter.Backup));
            return await db.SaveChangesAsync();
        });

        (await client.SendAsync(HttpMethod.Put, Path, read.Text)).Status.Should().Be(200);
        (await client.SendAsync(HttpMethod.Put, Path, read.Text.Replace("500", "400", StringComparison.Ordinal))).Status.Should().Be(400);
    }

    [Fact]
    public async Task Scopes_ReadReadsAndManageChanges()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var reader = await opsmeter.ClientAsync(KeyScopes.Read);
        using var sender = await opsmeter.ClientAsync(KeyScopes.Ingest);

        (await reader.ReadAsync(Path)).Status.Should().Be(200);
        (await reader.SendAsync(HttpMethod.Put, Path, "{}")).Status.Should().Be(403);
        (await sender.ReadAsync(Path)).Status.Should().Be(403);
    }

    [Fact]
    public async Task DegradedModes_OfTheTier_AreToldWhereNeitherBudgetNorEntrySays()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("limitUsd", JsonNode.Parse("0.05")), ("cap", "degrade")));
        await client.CountAsync(PolicyOpsmeter.Row("r1"));

        (await ModelAsync(client)).Should().BeNull();
        (await client.SendAsync(HttpMethod.Put, "/v1/settings", """{"degradedModes":{"tier2":{"model":"gpt-5-nano"}}}""")).Status.Should().Be(200);
        (await ModelAsync(client)).Should().Be("gpt-5-nano");
        (await client.ReadAsync("/v1/settings"))["degradedModes"].GetProperty("tier2").GetProperty("model").GetString().Should().Be("gpt-5-nano");
        await client.PostAsync("/v1/tiers", """{"pattern":"agents.*","tier":2,"degradedMode":{"model":"gpt-5-mini"}}""");
        (await ModelAsync(client)).Should().Be("gpt-5-mini");
        (await client.SendAsync(HttpMethod.Put, "/v1/settings", """{"degradedModes":{"tier2":{"maxOutputTokens":0}}}"""))["errors"]
            .EnumerateObject().Single().Name.Should().Be("degradedModes.tier2.maxOutputTokens");
    }

    private static async Task<string?> ModelAsync(HttpClient client)
    {
        var mode = (await client.PostAsync("/v1/decisions", """{"endpointTag":"agents.plan"}"""))["degradedMode"];
        return mode.ValueKind == JsonValueKind.Object ? mode.GetProperty("model").GetString() : null;
    }

    private static async Task FillAsync(HttpClient client)
    {
        foreach (var budget in new[] { Odd, PolicyOpsmeter.Budget(), PolicyOpsmeter.Budget(("name", "Off"), ("enabled", false), ("limitTokens", 5), ("limitUsd", null)) })
        {
            var made = await client.PostAsync("/v1/budgets", budget);
            made.Status.Should().Be(201, made.Text);
        }

        (await client.PostAsync("/v1/tiers", """{"pattern":"*","tier":3,"notes":"# everything\nelse"}""")).Status.Should().Be(201);
        (await client.PostAsync("/v1/tiers", """{"pattern":"chat.reply","tier":1,"degradedMode":{},"blockMessage":"no"}""")).Status.Should().Be(201);
        (await client.SendAsync(HttpMethod.Put, "/v1/settings", """{"degradedModes":{"tier1":{"model":"gpt-5-mini","allowedTools":["a","b"]}}}""")).Status.Should().Be(200);
    }
}
