using System.Text.Json.Nodes;
using AwesomeAssertions;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Web.Identity;

public sealed class MemberRoleTests : IAsyncLifetime
{
    private const string Email = "owner@example.com";
    private readonly TestOpsmeter _opsmeter = new TestOpsmeter(now: PolicyOpsmeter.Now).WithAdmin();
    private Visitor _admin = null!;

    public async ValueTask InitializeAsync() => _admin = await _opsmeter.VisitAsync();

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Fact]
    public async Task Role_TakenAway_IsRefusedAtTheNextActOfAnOpenPage()
    {
        var id = await _opsmeter.EnrolAsync(Email, Role.PolicyOwner);
        var open = await _opsmeter.VisitAsync(Email);
        open.Can(Permission.EditPolicy).Should().BeTrue();

        (await Roles.ChangeAsync(_admin, id, Role.Viewer)).Should().BeNull();

        (open.Can(Permission.EditPolicy), open.Can(Permission.View)).Should().Be((false, true));
        open.Invoking(visitor => visitor.ActorFor(Permission.EditPolicy)).Should().Throw<NotAllowedException>(because: "every change of a page asks for its name");
        open.ActorFor(Permission.View).Should().Be(Email);
        (await _opsmeter.AuditAsync("member.role")).Single().After.Should().Be("""{"role":"Viewer"}""");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Member_SuspendedOrRemoved_IsOutAtOnce(bool suspend)
    {
        var id = await _opsmeter.EnrolAsync(Email, Role.Admin);
        var open = await _opsmeter.VisitAsync(Email);
        using var browser = _opsmeter.Browser();
        await browser.SignInAsync(Email, TestAccounts.OtherPassword);
        (await browser.IsInAsync()).Should().BeTrue();

        (await (suspend ? Roles.SuspendAsync(_admin, id, suspend: true) : Roles.RemoveAsync(_admin, id))).Should().BeNull();

        open.Can(Permission.View).Should().BeFalse();
        (await browser.IsInAsync()).Should().BeFalse();
        (await browser.SignInAsync(Email, TestAccounts.OtherPassword)).Status.Should().Be(200, because: "there is nothing left to enter");
        if (suspend)
        {
            (await Roles.SuspendAsync(_admin, id, suspend: false)).Should().BeNull();
            (await browser.SignInAsync(Email, TestAccounts.OtherPassword)).Status.Should().Be(302);
        }
    }

    [Fact]
    public async Task LastAdmin_CannotGoNorStepDown()
    {
        (await Roles.ChangeAsync(_admin, _admin.MemberId, Role.Viewer)).Should().Contain("last admin");
        (await Roles.SuspendAsync(_admin, _admin.MemberId, suspend: true)).Should().Contain("last admin");
        (await Roles.RemoveAsync(_admin, _admin.MemberId)).Should().Contain("last admin");
        _admin.Can(Permission.ManageMembers).Should().BeTrue();
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.PolicyOwner)]
    public async Task Members_AreManagedByAdminsAlone(Role role)
    {
        await _opsmeter.EnrolAsync(Email, role);
        var visitor = await _opsmeter.VisitAsync(Email);

        (await Roles.ChangeAsync(visitor, visitor.MemberId, Role.Admin)).Should().Contain("Only an admin");
        (await Roles.RemoveAsync(visitor, _admin.MemberId)).Should().Contain("Only an admin");
        (await Roles.NewPasswordAsync(visitor, _admin.MemberId)).Secret.Should().BeNull();
        (await Roles.ForgetCodeAsync(visitor, _admin.MemberId)).Should().Contain("Only an admin");
        (await Successions.HandOverAsync(visitor, TestAccounts.AdminEmail, Email)).Should().Contain("Only an admin");
    }

    [Fact]
    public async Task Admin_OfOneWorkspace_GetsNoHoldOfSomebodyWhoIsInAnother()
    {
        (await _opsmeter.Services.GetRequiredService<Workspaces>().CreateAsync(_admin, "Second", "UTC")).Should().BeEmpty();
        var id = await _opsmeter.EnrolAsync(Email, Role.Admin);
        var other = await _opsmeter.VisitAsync(Email);

        // The first admin is in both workspaces, the other one in the first alone.
        (await Roles.NewPasswordAsync(other, _admin.MemberId)).Wrong.Should().Contain("another workspace");
        (await Roles.ForgetCodeAsync(other, _admin.MemberId)).Should().Contain("another workspace");
        var first = await _opsmeter.VisitAsync();
        (await Roles.NewPasswordAsync(first with { WorkspaceId = Store.WorkspaceId }, id)).Secret.Should().BeNull(because: "that session is in the second workspace");
    }

    [Fact]
    public async Task Owner_WhoGoes_HandsOverBudgetsTiersAndEscalations()
    {
        var id = await _opsmeter.EnrolAsync(Email, Role.PolicyOwner);
        using var client = await _opsmeter.ClientAsync();
        await client.PostAsync("/v1/escalations", $$"""{"name":"Two","steps":[{"afterMinutes":0,"notify":"owner"},{"afterMinutes":5,"notify":"{{Email}}"}]}""");
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("owner", Email), ("backup", TestAccounts.AdminEmail), ("escalation", "Two")));
        await client.PostAsync("/v1/tiers", $$"""{"pattern":"agents.*","tier":3,"owner":"{{Email}}"}""");
        (await Successions.NamingAsync(Store.WorkspaceId, Email)).Should().HaveCount(3);

        (await Successions.HandOverAsync(_admin, Email, "nobody@example.com")).Should().Contain("another member");
        (await Successions.HandOverAsync(_admin, Email, TestAccounts.AdminEmail)).Should().BeNull();
        (await Roles.RemoveAsync(_admin, id)).Should().BeNull();

        (await Successions.NamingAsync(Store.WorkspaceId, Email)).Should().BeEmpty();
        var budget = JsonNode.Parse((await client.ReadAsync("/v1/budgets")).Text)!["items"]![0]!;
        ((string?)budget["owner"], (string?)budget["backup"]).Should().Be((TestAccounts.AdminEmail, null));
        (await _opsmeter.AuditAsync("budget.hand-over")).Should().HaveCount(1);
    }

    private MemberRoles Roles => _opsmeter.Services.GetRequiredService<MemberRoles>();

    private Successions Successions => _opsmeter.Services.GetRequiredService<Successions>();
}
