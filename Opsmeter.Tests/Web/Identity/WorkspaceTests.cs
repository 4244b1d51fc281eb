using AwesomeAssertions;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Web.Identity;

public sealed class WorkspaceTests : IAsyncLifetime
{
    private const int Second = 2;
    private readonly TestOpsmeter _opsmeter = new TestOpsmeter(now: PolicyOpsmeter.Now).WithAdmin();
    private Visitor _admin = null!;

    public async ValueTask InitializeAsync()
    {
        _admin = await _opsmeter.VisitAsync();
        (await _opsmeter.Services.GetRequiredService<Workspaces>().CreateAsync(_admin, "Second team", "Asia/Kolkata")).Should().BeEmpty();
    }

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Fact]
    public async Task Workspace_New_HasNothingOfTheOther()
    {
        using var first = await _opsmeter.ClientAsync();
        using var second = await SecondClientAsync();
        var budget = await first.PostAsync("/v1/budgets", PolicyOpsmeter.Budget());
        await first.CountAsync(PolicyOpsmeter.Row("one"));
        await second.CountAsync(PolicyOpsmeter.Row("one"));

        (await second.ReadAsync("/v1/settings"))["timeZone"].GetString().Should().Be("Asia/Kolkata");
        (await second.ReadAsync(budget.Location!)).Status.Should().Be(404);
        (await second.SendAsync(HttpMethod.Delete, budget.Location!, null)).Status.Should().Be(404);
        (await second.ReadAsync("/v1/budgets"))["items"].GetArrayLength().Should().Be(0);
        (await second.ReadAsync("/v1/keys"))["items"].GetArrayLength().Should().Be(1);
        (await second.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("owner", TestAccounts.AdminEmail)))).Status.Should().Be(201);
        (await second.ReadAsync("/v1/reports/spend?from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z"))["totals"].GetProperty("requests").GetInt64().Should().Be(1);
        (await first.ReadAsync("/v1/budgets/state"))["items"][0].GetProperty("requests").GetInt64().Should().Be(1, because: "the same id in another workspace is another request");
    }

    [Fact]
    public async Task Workspace_AfterARestart_IsThere()
    {
        using var folder = new TestFolder();
        await using (var before = new TestOpsmeter(folder.Path, PolicyOpsmeter.Now).WithAdmin())
        {
            (await before.Services.GetRequiredService<Workspaces>().CreateAsync(await before.VisitAsync(), "Second", "UTC")).Should().BeEmpty();
            var (_, first) = await before.Services.GetRequiredService<ApiKeys>().CreateAsync(Second, "test", KeyScopes.All, null, null, "test");
            using var sender = before.CreateClient();
            sender.DefaultRequestHeaders.Add("X-API-Key", first);
            await sender.CountAsync(PolicyOpsmeter.Row("one"));
        }

        await using var again = new TestOpsmeter(folder.Path, PolicyOpsmeter.Now);
        var (_, key) = await again.Services.GetRequiredService<ApiKeys>().CreateAsync(Second, "test", KeyScopes.All, null, null, "test");
        using var client = again.CreateClient();
        client.DefaultRequestHeaders.Add("X-API-Key", key);

        (await client.ReadAsync("/v1/reports/spend?from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z"))["totals"].GetProperty("requests").GetInt64().Should().Be(1);
    }

    [Fact]
    public async Task Visitor_GoesOnlyWhereTheyAreAMember()
    {
        await _opsmeter.EnrolAsync("viewer@example.com", Role.Viewer);
        var viewer = await _opsmeter.VisitAsync("viewer@example.com");
        var sessions = _opsmeter.Services.GetRequiredService<MemberSessions>();

        (await sessions.MoveAsync(viewer.MemberId, viewer.SessionId!, Second)).Should().BeFalse();
        (await _opsmeter.Services.GetRequiredService<Workspaces>().CreateAsync(viewer, "Third", "UTC")).Should().ContainKey("name");
        (await sessions.MoveAsync(_admin.MemberId, _admin.SessionId!, Second)).Should().BeTrue();
        _admin.Can(Permission.View).Should().BeFalse(because: "what is open shows the workspace that was left");
    }

    private async Task<HttpClient> SecondClientAsync()
    {
        var (_, key) = await _opsmeter.Services.GetRequiredService<ApiKeys>().CreateAsync(Second, "test", KeyScopes.All, null, null, "test");
        var client = _opsmeter.CreateClient();
        client.DefaultRequestHeaders.Add("X-API-Key", key);
        return client;
    }
}
