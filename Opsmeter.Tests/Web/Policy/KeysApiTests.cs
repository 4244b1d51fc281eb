using AwesomeAssertions;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Identity;
using Xunit;

namespace Opsmeter.Tests.Web.Policy;

public sealed class KeysApiTests : IAsyncLifetime
{
    private TestOpsmeter _opsmeter = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _opsmeter = await PolicyOpsmeter.StartAsync();
        _client = await _opsmeter.ClientAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _opsmeter.DisposeAsync();
    }

    [Fact]
    public async Task Key_MadeByTheApi_OpensWhatItSaysUntilItIsRevoked()
    {
        var made = await _client.PostAsync("/v1/keys", """{"name":"Checkout","scopes":["ingest","decide"],"environment":"staging","expiresAt":"2026-12-23T14:00:00Z","requestsPerMinute":600}""");
        made.Status.Should().Be(201, made.Text);
        var key = made["key"].GetString()!;
        key.Should().MatchRegex("^opm_[0-9A-Za-z]{8}_[0-9A-Za-z]{40}$");
        using var client = With(key);

        var own = await client.ReadAsync("/v1/key");
        (own["name"].GetString(), own["environment"].GetString(), own["requestsPerMinute"].GetInt32()).Should().Be(("Checkout", "staging", 600));
        own["scopes"].EnumerateArray().Select(scope => scope.GetString()).Should().Equal("ingest", "decide");
        own.Text.Should().NotContain(key);
        (await client.ReadAsync("/v1/budgets")).Status.Should().Be(403);
        (await client.PostAsync("/v1/ingest/llm-request", PolicyOpsmeter.Row("one"))).Status.Should().Be(200);

        (await _client.SendAsync(HttpMethod.Delete, made.Location!, null)).Status.Should().Be(204);
        (await client.ReadAsync("/v1/key")).Status.Should().Be(401);
        (await _client.SendAsync(HttpMethod.Delete, made.Location!, null)).Status.Should().Be(404);
        (await _client.ReadAsync(made.Location!))["revokedAt"].GetString().Should().NotBeNull();
    }

    [Fact]
    public async Task Key_Replaced_GoesOnForTheOverlapAlone()
    {
        var made = await _client.PostAsync("/v1/keys", """{"name":"Checkout","scopes":["ingest"]}""");
        var replaced = await _client.PostAsync(made.Location + "/rotate", """{"overlapMinutes":60}""");
        replaced.Status.Should().Be(201, replaced.Text);
        using var old = With(made["key"].GetString()!);
        using var replacement = With(replaced["key"].GetString()!);

        ((await old.ReadAsync("/v1/key")).Status, (await replacement.ReadAsync("/v1/key")).Status).Should().Be((200, 200));
        (await _client.PostAsync(made.Location + "/rotate", "{}")).Status.Should().Be(409, because: "it was replaced already");
        _opsmeter.Clock!.Advance(TimeSpan.FromMinutes(60));
        ((await old.ReadAsync("/v1/key")).Status, (await replacement.ReadAsync("/v1/key")).Status).Should().Be((401, 200));
        (await _opsmeter.AuditAsync("key.rotate")).Should().HaveCount(1);
    }

    [Theory]
    [InlineData("""{"scopes":["read"]}""", "name")]
    [InlineData("""{"name":"A"}""", "scopes")]
    [InlineData("""{"name":"A","scopes":[]}""", "scopes")]
    [InlineData("""{"name":"A","scopes":["everything"]}""", "scopes")]
    [InlineData("""{"name":"A","scopes":["read"],"expiresAt":"2026-11-23T14:00:00Z"}""", "expiresAt")]
    [InlineData("""{"name":"A","scopes":["read"],"requestsPerMinute":0}""", "requestsPerMinute")]
    public async Task Key_Wrong_SaysWhat(string body, string field)
    {
        var answer = await _client.PostAsync("/v1/keys", body);

        answer.Status.Should().Be(400);
        answer["errors"].EnumerateObject().Should().Contain(error => error.Name.StartsWith(field, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Key_MakesNoneThatMayDoMore()
    {
        using var manager = await _opsmeter.ClientAsync(KeyScopes.Manage);
        using var pinned = await _opsmeter.ClientAsync(KeyScopes.All, DeploymentEnvironment.Staging);
        var strong = await _client.PostAsync("/v1/keys", """{"name":"A","scopes":["ingest","read"]}""");

        (await manager.PostAsync("/v1/keys", """{"name":"A","scopes":["ingest"]}""")).Status.Should().Be(403);
        (await manager.PostAsync(strong.Location + "/rotate", "{}")).Status.Should().Be(403);
        (await manager.PostAsync("/v1/keys", """{"name":"A","scopes":["manage"]}""")).Status.Should().Be(201);
        (await pinned.PostAsync("/v1/keys", """{"name":"A","scopes":["ingest"]}""")).Status.Should().Be(403);
        (await pinned.PostAsync("/v1/keys", """{"name":"A","scopes":["ingest"],"environment":"prod"}""")).Status.Should().Be(403);
        (await pinned.PostAsync("/v1/keys", """{"name":"A","scopes":["ingest"],"environment":"staging"}""")).Status.Should().Be(201);
    }

    [Fact]
    public async Task Key_PastItsLimit_IsToldWhenToGoOnAndOthersGoOn()
    {
        var made = await _client.PostAsync("/v1/keys", """{"name":"A","scopes":["ingest"],"requestsPerMinute":2}""");
        using var client = With(made["key"].GetString()!);
        await client.CountAsync(PolicyOpsmeter.Row("one"));
        _opsmeter.Clock!.Advance(TimeSpan.FromSeconds(20));
        using var second = await client.GetAsync("/v1/key");
        second.Headers.GetValues("RateLimit-Policy").Single().Should().Be("\"key\";q=2;w=60");
        second.Headers.GetValues("RateLimit").Single().Should().Be("\"key\";r=0;t=40");

        using var refused = await client.GetAsync("/v1/key");
        ((int)refused.StatusCode, refused.Headers.RetryAfter!.Delta, refused.Content.Headers.ContentType!.MediaType)
            .Should().Be((429, TimeSpan.FromSeconds(40), "application/problem+json"));
        (await _client.ReadAsync("/v1/key")).Status.Should().Be(200);

        _opsmeter.Clock.Advance(TimeSpan.FromSeconds(40));
        await client.CountAsync(PolicyOpsmeter.Row("two"));
        (await _opsmeter.LedgerAsync(db => Task.FromResult(db.Requests.Count()))).Should().Be(2);
    }

    private HttpClient With(string key)
    {
        var client = _opsmeter.CreateClient();
        client.DefaultRequestHeaders.Add("X-API-Key", key);
        return client;
    }
}
