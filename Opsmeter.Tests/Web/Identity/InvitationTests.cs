using AwesomeAssertions;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Web.Identity;

public sealed class InvitationTests : IAsyncLifetime
{
    private const string Email = "viewer@example.com";
    private readonly TestOpsmeter _opsmeter = new TestOpsmeter(now: PolicyOpsmeter.Now).WithAdmin();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Fact]
    public async Task Invitation_Accepted_MakesAMemberOnce()
    {
        var secret = await InviteAsync();
        using var browser = _opsmeter.Browser();

        (await JoinAsync(browser, secret, "short")).Text.Should().Contain("12 to 128 characters");
        (await JoinAsync(browser, secret, TestAccounts.OtherPassword)).Status.Should().Be(302);
        (await browser.IsInAsync()).Should().BeTrue();

        using var another = _opsmeter.Browser();
        (await new PageVisitor(another).OpenAsync("/account/join?token=" + secret)).Text.Should().Contain("used already");
        (await another.SignInAsync(Email, TestAccounts.OtherPassword)).Status.Should().Be(302);
        (await _opsmeter.VisitAsync(Email)).Role.Should().Be(Role.Viewer);
        (await _opsmeter.AuditAsync("member.join")).Single().Actor.Should().Be(Email);
    }

    [Fact]
    public async Task Invitation_WithdrawnReplacedOrOld_IsGoodForNothing()
    {
        var first = await InviteAsync();
        var second = await InviteAsync();
        (await Links.FindAsync(first)).Should().BeNull(because: "a later one takes its place");

        var open = (await Links.InvitationsAsync(Store.WorkspaceId)).Single();
        (await Links.WithdrawAsync(Store.WorkspaceId + 1, open.Id, "other")).Should().BeFalse(because: "another workspace's admin has no say");
        (await Links.WithdrawAsync(Store.WorkspaceId, open.Id, "lead@example.com")).Should().BeTrue();
        (await Links.FindAsync(second)).Should().BeNull();

        var third = await InviteAsync();
        _opsmeter.Clock!.Advance(AccountLinks.InvitationKept);
        (await Links.FindAsync(third)).Should().BeNull();
        (await Links.FindAsync("0123456789012345678901234567890123456789")).Should().BeNull();
    }

    [Fact]
    public async Task Invitation_IsNotKeptInTheClear()
    {
        var secret = await InviteAsync();

        (await _opsmeter.LedgerAsync(db => Task.FromResult(db.AccountLinks.Single()))).Hash.Should().HaveCount(32)
            .And.NotEqual(System.Text.Encoding.UTF8.GetBytes(secret));
        (await _opsmeter.AuditAsync("member.invite")).Single().After.Should().NotContain(secret);
    }

    [Fact]
    public async Task Invitation_ForSomebodyOfAnotherWorkspace_IsAcceptedByThemAlone()
    {
        var admin = await _opsmeter.VisitAsync();
        (await _opsmeter.Services.GetRequiredService<Workspaces>().CreateAsync(admin, "Second", "UTC")).Should().BeEmpty();
        await _opsmeter.EnrolAsync(Email, Role.Viewer, workspaceId: 2);
        var secret = await InviteAsync();

        using var browser = _opsmeter.Browser();
        (await new PageVisitor(browser).OpenAsync("/account/join?token=" + secret)).Text.Should().Contain("Sign in as them").And.NotContain("type=\"password\"");
        var invitation = (await Links.FindAsync(secret))!;
        (await Members.JoinAsync(invitation, admin)).Should().ContainKey("email", because: "it is for somebody else");

        await browser.SignInAsync(Email, TestAccounts.OtherPassword);
        (await new PageVisitor(browser).SubmitAsync("/account/join?token=" + secret)).Status.Should().Be(302);
        (await _opsmeter.VisitAsync(Email)).WorkspaceId.Should().Be(Store.WorkspaceId);
    }

    [Fact]
    public async Task NewPasswordLink_SetsItOnceAndSignsOutEverywhere()
    {
        var id = await _opsmeter.EnrolAsync(Email, Role.Viewer);
        using var browser = _opsmeter.Browser();
        await browser.SignInAsync(Email, TestAccounts.OtherPassword);
        var (secret, wrong) = await _opsmeter.Services.GetRequiredService<MemberRoles>().NewPasswordAsync(await _opsmeter.VisitAsync(), id);
        wrong.Should().BeNull();

        using var another = _opsmeter.Browser();
        var page = "/account/new-password?token=" + secret;
        (await new PageVisitor(another).SubmitAsync(page, ("Input.Password", "password1234"), ("Input.Again", "password1234"))).Text.Should().Contain("tried first");
        (await new PageVisitor(another).SubmitAsync(page, ("Input.Password", "a wholly new password"), ("Input.Again", "a wholly new password"))).Status.Should().Be(302);

        (await browser.IsInAsync()).Should().BeFalse();
        (await another.SignInAsync(Email, TestAccounts.OtherPassword)).Status.Should().Be(200);
        (await another.SignInAsync(Email, "a wholly new password")).Status.Should().Be(302);
        (await new PageVisitor(another).OpenAsync(page)).Text.Should().Contain("used already");
    }

    private AccountLinks Links => _opsmeter.Services.GetRequiredService<AccountLinks>();

    private Members Members => _opsmeter.Services.GetRequiredService<Members>();

    private async Task<string> InviteAsync() =>
        (await Links.CreateAsync(Store.WorkspaceId, AccountLinkKind.Invitation, Email, Role.Viewer, TestAccounts.AdminEmail))!;

    private static Task<(int Status, string? Location, string Text)> JoinAsync(HttpClient browser, string secret, string password) =>
        new PageVisitor(browser).SubmitAsync("/account/join?token=" + secret, ("Input.Password", password), ("Input.Again", password));
}
