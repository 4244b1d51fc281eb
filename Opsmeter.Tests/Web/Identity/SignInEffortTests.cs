using AwesomeAssertions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Web.Identity;

public sealed class SignInEffortTests
{
    [Fact]
    public async Task SignIn_WhoeverIsMeant_ComparesOnePasswordAndSaysTheSame()
    {
        var hasher = new Counting();
        await using var opsmeter = new TestOpsmeter { Doubles = services => services.AddSingleton<IPasswordHasher<MemberRow>>(hasher) }.WithAdmin();
        using var browser = opsmeter.Browser();
        await opsmeter.EnrolAsync("locked@example.com", Role.Viewer);
        await opsmeter.AddMemberAsync("invited@example.com");
        for (var count = 0; count < 10; count++)
        {
            await browser.SignInAsync("locked@example.com", "not that at all");
        }

        List<(string Who, int Compared, int Status, string Error)> tries = [];
        foreach (var email in (string[])[TestAccounts.AdminEmail, "nobody@example.com", "locked@example.com", "invited@example.com", "no address"])
        {
            var before = hasher.Compared;
            var (status, _, text) = await browser.SignInAsync(email, "not that at all");
            var error = System.Text.RegularExpressions.Regex.Match(text, "role=\"alert\"[^>]*>(.*?)</", System.Text.RegularExpressions.RegexOptions.Singleline).Groups[1].Value.Trim();
            tries.Add((email, hasher.Compared - before, status, error));
        }

        tries.Should().AllSatisfy(one => (one.Compared, one.Status, one.Error).Should().Be((1, tries[0].Status, tries[0].Error), because: one.Who));
        tries[0].Error.Should().NotBeEmpty();
    }

    private sealed class Counting : PasswordHasher<MemberRow>
    {
        public int Compared { get; private set; }

        public override PasswordVerificationResult VerifyHashedPassword(MemberRow user, string hashedPassword, string providedPassword)
        {
            Compared++;
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
