using System.Text.Json;
using System.Text.Json.Nodes;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Xunit;

namespace Opsmeter.Tests.Web.Alerts;

public sealed class ChannelApiTests
{
    [Fact]
    public async Task Channel_MadeChangedDeleted_ShowsItsSecretOnceAndAuditsNeitherSecretNorAddress()
    {
        await using var opsmeter = await MessageOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();

        var made = await client.ChannelAsync("Ops", "webhook", "https://203.0.114.9/hook");
        var id = made.GetProperty("id").GetString()!;
        made.GetProperty("secret").GetString().Should().StartWith("whsec_");

        var read = await client.ReadAsync("/v1/channels/" + id);
        read["hasSecret"].GetBoolean().Should().BeTrue();
        read.Body.TryGetProperty("secret", out _).Should().BeFalse();

        (await client.SendAsync(HttpMethod.Put, "/v1/channels/" + id, """{"name":"Ops two","kind":"webhook","url":"https://203.0.114.9/other"}""")).Status.Should().Be(200);
        (await client.ReadAsync("/v1/channels"))["items"].EnumerateArray().Single().GetProperty("name").GetString().Should().Be("Ops two");
        (await client.SendAsync(HttpMethod.Delete, "/v1/channels/" + id, null)).Status.Should().Be(204);
        (await client.ReadAsync("/v1/channels/" + id)).Status.Should().Be(404);

        var audit = await opsmeter.AuditAsync("channel.");
        audit.Select(row => row.Action).Should().Equal("channel.create", "channel.replace", "channel.delete");
        string.Concat(audit.Select(row => row.Before + row.After)).Should().NotContain("203.0.114").And.NotContain("whsec_");
    }

    [Theory]
    [InlineData("webhook", "http://127.0.0.1/x", null, "url")]
    [InlineData("webhook", "http://0x7f.1/x", null, "url")]
    [InlineData("webhook", "http://2130706433/x", null, "url")]
    [InlineData("webhook", "http://[::ffff:127.0.0.1]/x", null, "url")]
    [InlineData("webhook", "http://[::1]/x", null, "url")]
    [InlineData("webhook", "http://169.254.169.254/latest", null, "url")]
    [InlineData("webhook", "http://10.1.2.3/", null, "url")]
    [InlineData("webhook", "http://[fd00::1]/", null, "url")]
    [InlineData("webhook", "http://[64:ff9b::7f00:1]/", null, "url")]
    [InlineData("webhook", "https://localhost/", null, "url")]
    [InlineData("webhook", "ftp://203.0.114.9/", null, "url")]
    [InlineData("webhook", "https://user:pass@203.0.114.9/", null, "url")]
    [InlineData("webhook", "https://203.0.114.9/", "short", "secret")]
    [InlineData("webhook", "https://203.0.114.9/", "whsec_c2hvcnQ=", "secret")]
    [InlineData("slack", "https://203.0.114.9/", "secret", "secret")]
    [InlineData("pagerduty", null, null, "secret")]
    [InlineData("email", "mailto:nobody", null, "url")]
    [InlineData("email", "mailto:a@example.com?bcc=b@example.com", null, "url")]
    [InlineData("email", "mailto:a@example.com%0d%0aBcc:b@example.com", null, "url")]
    [InlineData("email", "smtp://127.0.0.1:25/?from=a@example.com&to=b@example.com", null, "url")]
    [InlineData("email", "smtp://203.0.114.9:25/?to=b@example.com", null, "url")]
    public async Task Channel_ThatCannotBe_IsRefusedBesideItsField(string kind, string? url, string? secret, string field)
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();

        var answer = await client.PostAsync("/v1/channels", new JsonObject { ["name"] = "Ops", ["kind"] = kind, ["url"] = url, ["secret"] = secret }.ToJsonString());

        answer.Status.Should().Be(400, answer.Text);
        answer["errors"].EnumerateObject().Select(error => error.Name).Should().Equal(field);
    }

    [Fact]
    public async Task Channel_ThatAnEscalationNames_IsNotDeleted()
    {
        await using var opsmeter = await MessageOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var id = (await client.ChannelAsync("Ops", "slack", "https://203.0.114.9/hook")).GetProperty("id").GetString();
        await client.EscalateAsync([(0, "Ops"), (10, "backup")]);

        (await client.SendAsync(HttpMethod.Delete, "/v1/channels/" + id, null)).Status.Should().Be(409);
        (await client.SendAsync(HttpMethod.Put, "/v1/channels/" + id, """{"name":"Other","kind":"slack","url":"https://203.0.114.9/hook"}""")).Status.Should().Be(409);
    }

    [Fact]
    public async Task Escalation_Default_AlwaysExistsAndIsEdited()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();

        var first = (await client.ReadAsync("/v1/escalations"))["items"].EnumerateArray().Single();
        Steps(first, "steps").Should().Equal("0 owner", "15 backup");
        (await client.SendAsync(HttpMethod.Delete, "/v1/escalations/esc_default", null)).Status.Should().Be(409);

        await client.EscalateAsync([(0, "owner"), (20, PolicyOpsmeter.Backup)], (0, "owner"));
        var edited = await client.ReadAsync("/v1/escalations/esc_default");
        Steps(edited.Body, "steps").Should().Equal("0 owner", "20 second@example.com");
        edited.ETag.Should().Be("\"2\"");
    }

    [Theory]
    [InlineData("""{"name":"Night","steps":[]}""", "steps")]
    [InlineData("""{"name":"Night","steps":[{"afterMinutes":5,"notify":"owner"}]}""", "steps[0].afterMinutes")]
    [InlineData("""{"name":"Night","steps":[{"afterMinutes":0,"notify":"owner"},{"afterMinutes":20,"notify":"backup"},{"afterMinutes":10,"notify":"owner"}]}""", "steps[2].afterMinutes")]
    [InlineData("""{"name":"Night","steps":[{"afterMinutes":0,"notify":"nobody"}]}""", "steps[0].notify")]
    [InlineData("""{"name":"","steps":[{"afterMinutes":0,"notify":"owner"}]}""", "name")]
    public async Task Escalation_ThatCannotBe_IsRefusedBesideItsField(string body, string field)
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();

        var answer = await client.PostAsync("/v1/escalations", body);

        answer.Status.Should().Be(400, answer.Text);
        answer["errors"].EnumerateObject().Select(error => error.Name).Should().Equal(field);
    }

    [Fact]
    public async Task Escalation_ThatABudgetNames_StaysAndABudgetNamesOnlyOneThatIs()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        (await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("escalation", "night")))).Status.Should().Be(400);
        var made = await client.PostAsync("/v1/escalations", """{"name":"night","steps":[{"afterMinutes":0,"notify":"owner"}]}""");
        made.Status.Should().Be(201, made.Text);

        (await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("escalation", "night")))).Status.Should().Be(201);
        (await client.SendAsync(HttpMethod.Delete, "/v1/escalations/" + made["id"].GetString(), null)).Status.Should().Be(409);
    }

    private static IEnumerable<string> Steps(JsonElement escalation, string of) =>
        escalation.GetProperty(of).EnumerateArray().Select(step => $"{step.GetProperty("afterMinutes")} {step.GetProperty("notify")}");
}
