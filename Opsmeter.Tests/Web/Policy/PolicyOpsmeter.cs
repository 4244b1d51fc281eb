using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Storage;

namespace Opsmeter.Tests.Web.Policy;

/// <summary>What tests of the policy share: two members, the documented budget, and a ledger to look into.</summary>
internal static class PolicyOpsmeter
{
    public const string Owner = "lead@example.com";
    public const string Backup = "second@example.com";
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 14, 0, 0, TimeSpan.Zero);

    /// <summary>A server with two members, whose clock stands still.</summary>
    public static async Task<TestOpsmeter> StartAsync()
    {
        var opsmeter = new TestOpsmeter(now: Now);
        await opsmeter.AddMemberAsync(Owner);
        await opsmeter.AddMemberAsync(Backup);
        return opsmeter;
    }

    /// <summary>The least that makes a budget, with some members changed; a null takes one away.</summary>
    public static string Budget(params (string Name, JsonNode? Value)[] changes) => Body(
        $$"""{"name":"Agents research","limitUsd":500,"window":{"kind":"day"},"owner":"{{Owner}}","escalation":"default"}""", changes);

    public static string Body(string json, params (string Name, JsonNode? Value)[] changes)
    {
        var body = JsonNode.Parse(json)!.AsObject();
        foreach (var (name, value) in changes)
        {
            body[name] = value;
        }

        return body.ToJsonString();
    }

    /// <summary>A request that costs 10 cents, where nothing else is said.</summary>
    public static string Row(string id, string endpoint = "agents.plan", string model = "gpt-5-mini", string? tenant = null) =>
        new JsonObject
        {
            ["externalRequestId"] = id, ["provider"] = "openai", ["model"] = model, ["endpointTag"] = endpoint,
            ["promptVersion"] = "v1", ["tenantId"] = tenant, ["inputTokens"] = 400_000, ["outputTokens"] = 0, ["latencyMs"] = 10,
            ["status"] = "success",
        }.ToJsonString();

    public static async Task<JsonAnswer> CountAsync(this HttpClient client, string row)
    {
        var answer = await client.PostAsync("/v1/ingest/llm-request", row);
        return answer.Status == 200 ? answer : throw new InvalidOperationException(answer.Text);
    }

    /// <summary>What a budget is seen at by a decision about an endpoint.</summary>
    public static async Task<decimal> SpentAsync(this HttpClient client, string endpoint = "agents.plan")
    {
        var answer = await client.PostAsync("/v1/decisions", new JsonObject { ["endpointTag"] = endpoint }.ToJsonString());
        return answer["budgets"].EnumerateArray().Single().GetProperty("spentUsd").GetDecimal();
    }

    public static async Task<T> LedgerAsync<T>(this TestOpsmeter opsmeter, Func<OpsmeterDb, Task<T>> read)
    {
        await using var db = await opsmeter.Services.GetRequiredService<IDbContextFactory<OpsmeterDb>>().CreateDbContextAsync();
        return await read(db);
    }

    public static Task<AuditRow[]> AuditAsync(this TestOpsmeter opsmeter, string action) =>
        opsmeter.LedgerAsync(db => db.Audit.Where(row => row.Action.StartsWith(action)).OrderBy(row => row.Id).ToArrayAsync());

    public static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
