using System.Text.Json.Nodes;
using AwesomeAssertions;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Opsmeter.Web.Reports;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Web.Reports;

public sealed class ValuePoliciesTests : IAsyncLifetime
{
    private TestOpsmeter _opsmeter = null!;
    private HttpClient _client = null!;
    private ValuePolicies _policies = null!;

    public async ValueTask InitializeAsync()
    {
        _opsmeter = await PolicyOpsmeter.StartAsync();
        _client = await _opsmeter.ClientAsync();
        _policies = _opsmeter.Services.GetRequiredService<ValuePolicies>();
        await CreateAsync("Everything", 1_000);
        await CreateAsync("Agents", 500, ("conditions", JsonNode.Parse("""[{"dimension":"endpointTag","values":["agents.*"]}]""")));
        await CreateAsync("Each tenant", 0.15m, ("per", "tenantId"));
        await _client.CountAsync(PolicyOpsmeter.Row("a", tenant: "acme"));
        await _client.CountAsync(PolicyOpsmeter.Row("b", tenant: "acme"));
        await _client.CountAsync(PolicyOpsmeter.Row("c", endpoint: "chat", tenant: "initech"));
    }

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Fact]
    public void WorstOf_Endpoints_IsOfBudgetsThatNameThem()
    {
        var worst = _policies.WorstOf(Store.WorkspaceId, Dimension.EndpointTag, ["agents.plan", "chat"]);

        worst.Should().ContainSingle().Which.Should().Match<KeyValuePair<string, BudgetStateItem>>(
            entry => entry.Key == "agents.plan" && entry.Value.Name == "Agents");
    }

    [Fact]
    public void WorstOf_Tenants_IsOfEachOnesOwnKey()
    {
        var worst = _policies.WorstOf(Store.WorkspaceId, Dimension.TenantId, ["acme", "initech", "nobody"]);

        worst.ToDictionary(entry => entry.Key, entry => entry.Value.State).Should().BeEquivalentTo(
            new Dictionary<string, BudgetState> { ["acme"] = BudgetState.Exceeded, ["initech"] = BudgetState.Ok });
    }

    [Fact]
    public void Counting_Tenant_HasItsOwnKeyAndSaysWhatElseIsAsked()
    {
        var counting = _policies.Counting(Store.WorkspaceId, Dimension.TenantId, "initech");

        counting.Single(budget => budget.Name == "Each tenant").Should().Match<ValueBudget>(
            budget => budget.IsOwnKey && budget.State!.Key == "initech" && budget.State.SpentUsd == 0.1m);
        counting.Single(budget => budget.Name == "Agents").Others.Single().Values.Should().Equal("agents.*");
        _policies.Counting(Store.WorkspaceId, Dimension.EndpointTag, "chat").Select(budget => budget.Name)
            .Should().Equal("Each tenant", "Everything");
    }

    [Fact]
    public async Task TierOf_Endpoint_NamesTheEntryThatPutItThere()
    {
        (await _client.PostAsync("/v1/tiers", """{"pattern":"agents.*","tier":3}""")).Status.Should().Be(201);

        _policies.TierOf(Store.WorkspaceId, "agents.plan").Should().Be(new EndpointStanding(Tier.Tier3, new Pattern("agents.*")));
        _policies.TierOf(Store.WorkspaceId, "chat").Entry.Should().BeNull();
    }

    private async Task CreateAsync(string name, decimal usd, params (string Name, JsonNode? Value)[] more)
    {
        var answer = await _client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget([("name", name), ("limitUsd", usd), .. more]));
        answer.Status.Should().Be(201, answer.Text);
    }
}
