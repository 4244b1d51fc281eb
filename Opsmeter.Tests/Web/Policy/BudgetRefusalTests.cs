using System.Text.Json.Nodes;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Web.Policy;

public sealed class BudgetRefusalTests
{
    private const string Path = "/v1/budgets";

    /// <summary>What is changed in a good body, and the one field that the answer names.</summary>
    public static TheoryData<string, string> Refused => new()
    {
        { """{"name":null}""", "name" },
        { """{"name":"  "}""", "name" },
        { """{"name":7}""", "name" },
        { """{"name":"a\u0007b"}""", "name" },
        { """{"name":"\ud800"}""", "name" },
        { """{"enabled":"yes"}""", "enabled" },
        { """{"notes":"\u0000"}""", "notes" },
        { """{"limitUsd":null}""", "limitUsd" },
        { """{"limitUsd":0}""", "limitUsd" },
        { """{"limitUsd":-1}""", "limitUsd" },
        { """{"limitUsd":1000000000.01}""", "limitUsd" },
        { """{"limitUsd":0.0000000001}""", "limitUsd" },
        { """{"limitUsd":"500"}""", "limitUsd" },
        { """{"limitUsd":1e400}""", "limitUsd" },
        { """{"limitRequests":0}""", "limitRequests" },
        { """{"limitRequests":1.5}""", "limitRequests" },
        { """{"limitTokens":-9e99}""", "limitTokens" },
        { """{"limitTokens":{}}""", "limitTokens" },
        { """{"window":null}""", "window.kind" },
        { """{"window":"day"}""", "window" },
        { """{"window":{"timeZone":"UTC"}}""", "window.kind" },
        { """{"window":{"kind":"fortnight"}}""", "window.kind" },
        { """{"window":{"kind":1}}""", "window.kind" },
        { """{"window":{"kind":"day","timeZone":"Eastern Standard Time"}}""", "window.timeZone" },
        { """{"window":{"kind":"day","timeZone":""}}""", "window.timeZone" },
        { """{"window":{"kind":"week","weekStartsOn":"lundi"}}""", "window.weekStartsOn" },
        { """{"window":{"kind":"month","anchorDay":29}}""", "window.anchorDay" },
        { """{"window":{"kind":"month","anchorDay":99999999999999999999}}""", "window.anchorDay" },
        { """{"warnAt":0}""", "warnAt" },
        { """{"warnAt":1.01}""", "warnAt" },
        { """{"notifyAt":0.5}""", "notifyAt" },
        { """{"notifyAt":[0.5,1.5]}""", "notifyAt" },
        { """{"notifyAt":[null]}""", "notifyAt" },
        { """{"notifyAt":[0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1]}""", "notifyAt" },
        { """{"forecastWarnAt":10.1}""", "forecastWarnAt" },
        { """{"cap":"firm"}""", "cap" },
        { """{"confirmation":{"mode":"never"}}""", "confirmation.mode" },
        { """{"confirmation":{"minRate":-1}}""", "confirmation.minRate" },
        { """{"confirmation":{"shortMinutes":0}}""", "confirmation.shortMinutes" },
        { """{"confirmation":{"longMinutes":5}}""", "confirmation.longMinutes" },
        { """{"confirmation":{"longMinutes":43201}}""", "confirmation.longMinutes" },
        { """{"confirmation":{"ceiling":0.99}}""", "confirmation.ceiling" },
        { """{"confirmation":{"ceiling":1001}}""", "confirmation.ceiling" },
        { """{"confirmation":[]}""", "confirmation" },
        { """{"conditions":{}}""", "conditions" },
        { """{"conditions":["agents.*"]}""", "conditions[0]" },
        { """{"conditions":[{"values":["x"]}]}""", "conditions[0].dimension" },
        { """{"conditions":[{"dimension":"feature","values":["x"]}]}""", "conditions[0].dimension" },
        { """{"conditions":[{"dimension":"model","values":[]}]}""", "conditions[0].values" },
        { """{"conditions":[{"dimension":"model","values":"x"}]}""", "conditions[0].values" },
        { """{"conditions":[{"dimension":"model","values":["x"]},{"dimension":"model","values":["gpt-*-mini"]}]}""", "conditions[1].values" },
        { """{"conditions":[{"dimension":"model","values":["x",""]}]}""", "conditions[0].values" },
        { """{"per":"day"}""", "per" },
        { """{"overrides":[{"value":"a","limitUsd":1}]}""", "overrides" },
        { """{"per":"tenantId","limitUsd":null,"limitRequests":1,"overrides":[{"value":"a","limitUsd":1}]}""", "overrides" },
        { """{"per":"tenantId","overrides":[{"value":"a","limitUsd":1},{"value":"b","limitUsd":0}]}""", "overrides[1].limitUsd" },
        { """{"per":"tenantId","overrides":[{"value":"a"}]}""", "overrides[0].limitUsd" },
        { """{"per":"tenantId","overrides":[{"limitUsd":1}]}""", "overrides[0].value" },
        { """{"per":"tenantId","overrides":[{"value":"a","limitUsd":1},{"value":"a","limitUsd":2}]}""", "overrides[1].value" },
        { """{"per":"model","overrides":[{"value":"a","limitUsd":1},{"value":"A","limitUsd":2}]}""", "overrides[1].value" },
        { """{"unkeyedLimitUsd":5}""", "unkeyedLimitUsd" },
        { """{"per":"tenantId","unkeyedLimitUsd":0}""", "unkeyedLimitUsd" },
        { """{"environments":[]}""", "environments" },
        { """{"environments":["prod","PROD"]}""", "environments" },
        { """{"environments":["production"]}""", "environments" },
        { """{"environments":"prod"}""", "environments" },
        { """{"dataModes":[]}""", "dataModes" },
        { """{"dataModes":[1]}""", "dataModes" },
        { """{"blockMessage":"You spent $5 today."}""", "blockMessage" },
        { """{"blockMessage":"5 € are gone."}""", "blockMessage" },
        { """{"blockMessage":"Limit: usd 20"}""", "blockMessage" },
        { """{"blockMessage":"Over £.50"}""", "blockMessage" },
        { """{"blockMessage":"two\nlines"}""", "blockMessage" },
        { """{"degradedMode":{"maxOutputTokens":0}}""", "degradedMode.maxOutputTokens" },
        { """{"degradedMode":{"maxInputTokens":-1}}""", "degradedMode.maxInputTokens" },
        { """{"degradedMode":{"disableTools":true,"allowedTools":["search"]}}""", "degradedMode.allowedTools" },
        { """{"degradedMode":{"allowedTools":[""]}}""", "degradedMode.allowedTools" },
        { """{"degradedMode":{"model":3}}""", "degradedMode.model" },
        { """{"degradedMode":true}""", "degradedMode" },
        { """{"degradeAt":"never"}""", "degradeAt" },
        { """{"blockTier1":1}""", "blockTier1" },
        { """{"holdExpiry":"keep"}""", "holdExpiry" },
        { """{"owner":null}""", "owner" },
        { """{"owner":"nobody@example.com"}""", "owner" },
        { """{"backup":"nobody@example.com"}""", "backup" },
        { """{"backup":"LEAD@example.com"}""", "backup" },
        { """{"escalation":null}""", "escalation" },
        { """{"escalation":"fast"}""", "escalation" },
        { """{"temporaryIncrease":{"until":"2026-12-01T00:00:00Z","reason":"x"}}""", "temporaryIncrease.amountUsd" },
        { """{"temporaryIncrease":{"amountUsd":-1,"until":"2026-12-01T00:00:00Z","reason":"x"}}""", "temporaryIncrease.amountUsd" },
        { """{"temporaryIncrease":{"amountUsd":1,"until":"2026-11-23T14:00:00Z","reason":"x"}}""", "temporaryIncrease.until" },
        { """{"temporaryIncrease":{"amountUsd":1,"until":"2026-12-01","reason":"x"}}""", "temporaryIncrease.until" },
        { """{"temporaryIncrease":{"amountUsd":1,"reason":"x"}}""", "temporaryIncrease.until" },
        { """{"temporaryIncrease":{"amountUsd":1,"until":"2026-12-01T00:00:00Z","reason":" "}}""", "temporaryIncrease.reason" },
        { """{"limitUsd":null,"limitTokens":9,"temporaryIncrease":{"amountUsd":1,"until":"2026-12-01T00:00:00Z","reason":"x"}}""", "temporaryIncrease" },
    };

    [Fact]
    public async Task Create_OneFieldWrong_NamesThatFieldAlone()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var failures = new List<string>();
        foreach (var (change, field) in Refused.Select(row => row.Data))
        {
            // Merged as text: some of these bodies no JSON writer would write.
            var good = PolicyOpsmeter.Budget([.. JsonNames(change).Select(name => (name, (JsonNode?)null))]);
            var kept = string.Join(',', good[1..^1].Split(',').Where(member => !member.EndsWith(":null", StringComparison.Ordinal)));
            var answer = await client.PostAsync(Path, $"{{{kept},{change[1..]}");
            var named = answer.Status == 400 && answer.Body.TryGetProperty("errors", out var errors)
                ? string.Join(' ', errors.EnumerateObject().Select(error => error.Name)) : answer.Text;
            if (named != field)
            {
                failures.Add($"{change}: {named} instead of {field}");
            }
        }

        failures.Should().BeEmpty();
        (await client.ReadAsync(Path))["items"].GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task Create_LongTexts_AreRefusedOneCharacterPastTheirEnd()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();

        (await Errors(("name", new string('n', 201)))).Should().Equal("name");
        (await Errors(("blockMessage", new string('b', 501)))).Should().Equal("blockMessage");
        (await Errors(("notes", new string('o', 2_001)))).Should().Equal("notes");
        (await Errors(("conditions", Conditions(21, 1)))).Should().Equal("conditions");
        (await Errors(("conditions", Conditions(1, 201)))).Should().Equal("conditions[0].values");
        (await Errors(
            ("name", new string('n', 200)), ("blockMessage", new string('b', 500)), ("notes", "Two\nlines " + new string('o', 1_990)),
            ("conditions", Conditions(20, 200)))).Should().BeEmpty();

        async Task<IEnumerable<string>> Errors(params (string, JsonNode?)[] changes)
        {
            var answer = await client.PostAsync(Path, PolicyOpsmeter.Budget(changes));
            return answer.Status == 201 ? [] : answer["errors"].EnumerateObject().Select(error => error.Name);
        }

        static JsonArray Conditions(int count, int values) =>
            [.. Enumerable.Range(0, count).Select(_ => new JsonObject
            {
                ["dimension"] = "endpointTag",
                ["values"] = new JsonArray([.. Enumerable.Range(0, values).Select(i => JsonValue.Create($"a{i}"))]),
            })];
    }

    [Theory]
    [InlineData("[]", 400)]
    [InlineData("null", 400)]
    [InlineData("", 400)]
    [InlineData("{", 400)]
    [InlineData("""{"name":"a","name":"b"}""", 400)]
    public async Task Create_NoObject_IsMalformed(string body, int status)
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();

        (await client.PostAsync(Path, body)).Status.Should().Be(status);
        (await client.PostAsync("/v1/tiers", body)).Status.Should().Be(status);
        (await client.SendAsync(HttpMethod.Put, "/v1/settings", body)).Status.Should().Be(status);
        (await client.PostAsync("/v1/requests/req_1/void", body)).Status.Should().Be(status);
    }

    [Fact]
    public async Task Create_BodyOf64KiBAndMore_IsTooLarge()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var body = PolicyOpsmeter.Budget();

        (await client.PostAsync(Path, body + new string(' ', (64 * 1024) - body.Length + 1))).Status.Should().Be(413);
        (await client.PostAsync(Path, body + new string(' ', (64 * 1024) - body.Length))).Status.Should().Be(201);
        (await client.PostAsync(Path, body, "application/yaml")).Status.Should().Be(415);
    }

    [Fact]
    public async Task Create_SeveralFieldsWrong_NamesAllOfThem()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();

        var answer = await client.PostAsync(Path, "{}");

        answer.Status.Should().Be(400);
        answer["errors"].EnumerateObject().Select(error => error.Name)
            .Should().Equal("escalation", "limitUsd", "name", "owner", "window.kind");
    }

    private static IEnumerable<string> JsonNames(string change)
    {
        using var document = System.Text.Json.JsonDocument.Parse(change);
        return [.. document.RootElement.EnumerateObject().Select(member => member.Name)];
    }
}
