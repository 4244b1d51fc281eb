using System.Text.Json.Nodes;
using AwesomeAssertions;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Web.Access;

/// <summary>Members that are the product's own to set are refused or change nothing, whoever sends them.</summary>
public sealed class MassAssignmentTests : IAsyncLifetime
{
    private TestOpsmeter _opsmeter = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _opsmeter = await PolicyOpsmeter.StartAsync();
        _client = await _opsmeter.ClientAsync();
    }

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Theory]
    [InlineData("workspaceId", "2")]
    [InlineData("workspace_id", "2")]
    [InlineData("costNano", "1")]
    [InlineData("priceVersion", "\"free\"")]
    [InlineData("id", "7")]
    [InlineData("revision", "9")]
    [InlineData("receivedAt", "\"2020-01-01T00:00:00Z\"")]
    [InlineData("apiKey", "\"opm_other\"")]
    [InlineData("__proto__", "{}")]
    public async Task Ingest_MembersOfTheProduct_ChangeNothing(string name, string value)
    {
        var row = JsonNode.Parse(PolicyOpsmeter.Row("one"))!.AsObject();
        row[name] = JsonNode.Parse(value);
        var plain = await _client.CountAsync(PolicyOpsmeter.Row("plain"));

        var answer = await _client.CountAsync(row.ToJsonString());

        answer["costUsd"].GetDecimal().Should().Be(plain["costUsd"].GetDecimal());
        var rows = await _opsmeter.LedgerAsync(db => db.Requests.AsNoTracking().OrderBy(stored => stored.ExternalId).ToArrayAsync());
        rows.Should().AllSatisfy(stored => (stored.WorkspaceId, stored.Revision).Should().Be((Store.WorkspaceId, 1)));
        rows[0].ReceivedTicks.Should().Be(rows[1].ReceivedTicks);
        rows[0].KeyId.Should().Be(rows[1].KeyId);
    }

    [Theory]
    [InlineData("/v1/budgets", "id", "\"bud_0000000000000000\"")]
    [InlineData("/v1/budgets", "workspaceId", "2")]
    [InlineData("/v1/budgets", "version", "99")]
    [InlineData("/v1/budgets", "spentUsd", "0")]
    [InlineData("/v1/keys", "workspaceId", "2")]
    [InlineData("/v1/keys", "hash", "\"AAAA\"")]
    [InlineData("/v1/keys", "createdBy", "\"somebody\"")]
    [InlineData("/v1/keys", "role", "\"Admin\"")]
    public async Task Document_MembersOfTheProduct_AreRefusedOrIgnored(string path, string name, string value)
    {
        var text = path == "/v1/keys" ? """{"name":"A","scopes":["read"]}""" : PolicyOpsmeter.Budget();
        var body = JsonNode.Parse(text)!.AsObject();
        body[name] = JsonNode.Parse(value);

        var answer = await _client.PostAsync(path, body.ToJsonString());

        answer.Status.Should().BeOneOf(201, 400);
        answer.Text.Should().NotContain("bud_0000000000000000");
        var workspaces = await _opsmeter.LedgerAsync(async db =>
            (await db.Budgets.Select(row => row.WorkspaceId).ToArrayAsync()).Concat(await db.ApiKeys.Select(row => row.WorkspaceId).ToArrayAsync()).ToArray());
        workspaces.Should().AllBeEquivalentTo(Store.WorkspaceId);
        (await _opsmeter.LedgerAsync(db => db.ApiKeys.Where(row => row.CreatedBy == "somebody").CountAsync())).Should().Be(0);
    }
}
