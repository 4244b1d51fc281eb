using AwesomeAssertions;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Identity;
using Xunit;

namespace Opsmeter.Tests.Web.Identity;

public sealed class AttemptTests
{
    [Fact]
    public async Task Address_ThatGoesThroughManyAccounts_IsToldToWait()
    {
        await using var opsmeter = new TestOpsmeter(now: new DateTimeOffset(2026, 11, 23, 14, 0, 0, TimeSpan.Zero)).WithAdmin();
        using var browser = opsmeter.Browser();
        for (var i = 0; i < AttemptLimit.Most; i++)
        {
            (await browser.SignInAsync($"person{i}@example.com", "one password for all")).Status.Should().Be(200);
        }

        var refused = await browser.SignInAsync();
        (refused.Status, refused.Text.Contains("Wait ten minutes", StringComparison.Ordinal)).Should().Be((429, true));

        opsmeter.Clock!.Advance(AttemptLimit.Span);
        (await browser.SignInAsync()).Status.Should().Be(302);
    }

    [Fact]
    public async Task PasswordMail_GoesToMembersAloneAndSaysTheSameToAll()
    {
        await using var mail = await MailSink.StartAsync();
        await using var opsmeter = new TestOpsmeter().WithAdmin();
        opsmeter.Settings["Alerts:MailServer"] = $"smtp://127.0.0.1:{mail.Port}/?from=opsmeter@example.com";
        opsmeter.Settings["Alerts:PublicUrl"] = "https://opsmeter.example.com";
        using var browser = opsmeter.Browser();

        var unknown = await new PageVisitor(browser).SubmitAsync("/account/forgotten", ("Input.Email", "nobody@example.com"));
        var known = await new PageVisitor(browser).SubmitAsync("/account/forgotten", ("Input.Email", TestAccounts.AdminEmail.ToUpperInvariant()));

        var sent = (await mail.WaitAsync(1)).Single();
        sent.To.Should().Equal(TestAccounts.AdminEmail);
        Words(known.Text).Should().Contain("a link is on its way").And.Be(Words(unknown.Text));
        var link = System.Text.RegularExpressions.Regex.Match(sent.Mail, @"https://opsmeter\.example\.com(/account/new-password\?token=[A-Za-z0-9]{40})").Groups[1].Value;
        (await new PageVisitor(browser).SubmitAsync(link, ("Input.Password", TestAccounts.OtherPassword), ("Input.Again", TestAccounts.OtherPassword))).Status.Should().Be(302);
        (await browser.SignInAsync(password: TestAccounts.OtherPassword)).Status.Should().Be(302);
    }

    [Fact]
    public async Task Sessions_AreListedAndEndWhereTheirMemberSays()
    {
        await using var opsmeter = new TestOpsmeter().WithAdmin();
        using var one = opsmeter.Browser();
        using var another = opsmeter.Browser();
        await one.SignInAsync();
        await another.SignInAsync();
        var sessions = opsmeter.Services.GetRequiredService<MemberSessions>();
        var id = await opsmeter.MemberIdAsync(TestAccounts.AdminEmail);
        var listed = await sessions.ListAsync(id);
        listed.Should().HaveCount(2);

        await sessions.CloseAllAsync(id, except: listed[0].Id);

        new[] { await one.IsInAsync(), await another.IsInAsync() }.Should().BeEquivalentTo([true, false]);
    }

    private static string Words(string page) => System.Text.RegularExpressions.Regex.Match(page, "role=\"status\">([^<]*)<").Groups[1].Value;
}
