using System.Security.Cryptography;
using AwesomeAssertions;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Opsmeter.Web.Identity;
using Xunit;

namespace Opsmeter.Tests.Web.Identity;

public sealed class SecondFactorTests : IAsyncLifetime
{
    private readonly TestOpsmeter _opsmeter = new TestOpsmeter().WithAdmin();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    // RFC 6238, appendix B, cut to six digits.
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(20000000000, "353130")]
    public void TestTotp_AgreesWithThePublishedVectors(long seconds, string code) =>
        TestTotp.CodeOf("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", DateTimeOffset.FromUnixTimeSeconds(seconds)).Should().Be(code);

    [Fact]
    public async Task Code_IsAskedForAfterThePasswordAndWorksOnce()
    {
        var (secret, spare) = await TurnOnAsync();
        using var browser = _opsmeter.Browser();

        var first = await browser.SignInAsync();
        first.Location.Should().Contain("/account/code");
        (await browser.IsInAsync()).Should().BeFalse(because: "the password alone is half of it");
        (await CodeAsync(browser, "000000")).Text.Should().Contain("This code is not right");

        // The code that turned it on was used; the one after it is taken a little early.
        var code = TestTotp.CodeOf(secret, TimeProvider.System.GetUtcNow().AddSeconds(30));
        (await CodeAsync(browser, code)).Status.Should().Be(302);
        (await browser.IsInAsync()).Should().BeTrue();

        using var onlooker = _opsmeter.Browser();
        await onlooker.SignInAsync();
        (await CodeAsync(onlooker, code)).Text.Should().Contain("was used before");
        (await CodeAsync(onlooker, spare[0])).Status.Should().Be(302);
        using var again = _opsmeter.Browser();
        await again.SignInAsync();
        (await CodeAsync(again, spare[0])).Status.Should().Be(200, because: "a spare code lets in once");
    }

    [Fact]
    public async Task Code_WithoutThePassword_IsNotAskedFor()
    {
        await TurnOnAsync();
        using var browser = _opsmeter.Browser();

        (await new PageVisitor(browser).OpenAsync("/account/code")).Location.Should().Contain("/account/sign-in");
    }

    [Fact]
    public async Task Codes_WrongTenTimes_LockTheAccount()
    {
        var (_, spare) = await TurnOnAsync();
        using var browser = _opsmeter.Browser();
        await browser.SignInAsync();
        for (var i = 0; i < 10; i++)
        {
            await CodeAsync(browser, RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture));
        }

        (await CodeAsync(browser, spare[0])).Text.Should().Contain("This code is not right");
    }

    [Fact]
    public async Task SecondFactor_NeedsTheRightCodeToTurnOnAndThePasswordToTurnOff()
    {
        var visitor = await _opsmeter.VisitAsync();
        await Factor.BeginAsync(visitor);
        (await Factor.TurnOnAsync(visitor, "123")).Should().BeNull();
        (await Factor.ReadAsync(visitor)).IsOn.Should().BeFalse();

        await TurnOnAsync(visitor);
        (await Factor.BeginAsync(visitor)).Should().BeNull(because: "a running secret is not replaced");
        (await Factor.TurnOffAsync(visitor, "not the password")).Should().BeFalse();
        (await Factor.TurnOffAsync(visitor, TestAccounts.Password)).Should().BeTrue();
        (await _opsmeter.AuditAsync("member.code")).Select(row => row.Action).Should().Equal("member.code-add", "member.code-remove");
    }

    [Fact]
    public async Task SecondFactor_TakenOffByAnAdmin_AsksForNoCode()
    {
        var id = await _opsmeter.EnrolAsync("viewer@example.com", Role.Viewer);
        await TurnOnAsync(await _opsmeter.VisitAsync("viewer@example.com"));

        (await _opsmeter.Services.GetRequiredService<MemberRoles>().ForgetCodeAsync(await _opsmeter.VisitAsync(), id)).Should().BeNull();

        using var browser = _opsmeter.Browser();
        (await browser.SignInAsync("viewer@example.com", TestAccounts.OtherPassword)).Location.Should().NotContain("code");
        (await browser.IsInAsync()).Should().BeTrue();
    }

    private SecondFactor Factor => _opsmeter.Services.GetRequiredService<SecondFactor>();

    private async Task<(string Secret, IReadOnlyList<string> Spare)> TurnOnAsync(Visitor? visitor = null)
    {
        visitor ??= await _opsmeter.VisitAsync();
        var (secret, address) = (await Factor.BeginAsync(visitor))!.Value;
        address.Should().Contain(secret.Replace(" ", "", StringComparison.Ordinal));
        var spare = await Factor.TurnOnAsync(visitor, TestTotp.CodeOf(secret, TimeProvider.System.GetUtcNow()));
        spare.Should().HaveCount(10).And.OnlyHaveUniqueItems();
        return (secret, spare!);
    }

    private static Task<(int Status, string? Location, string Text)> CodeAsync(HttpClient browser, string code) =>
        new PageVisitor(browser).SubmitAsync("/account/code", ("Input.Code", code));
}
