using AwesomeAssertions;
using Microsoft.AspNetCore.Mvc.Testing;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Opsmeter.Web.Identity;
using Xunit;

namespace Opsmeter.Tests.Web.Identity;

public sealed class SetUpTests : IAsyncLifetime
{
    private const string Code = "ABCD-2345";
    private const string Password = "three quiet orange trains";
    private readonly TestOpsmeter _opsmeter = new();

    public ValueTask InitializeAsync()
    {
        _opsmeter.Settings["Setup:Code"] = Code;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Fact]
    public async Task SetUp_WithTheCode_MakesTheFirstAdminAndSignsIn()
    {
        var visitor = Visitor();
        (await visitor.OpenAsync("/")).Location.Should().EndWith("/account/set-up");

        var made = await visitor.SubmitAsync("/account/set-up", Form("abcd-2345 ", "Lead@Example.com"));

        made.Status.Should().Be(302, made.Text);
        made.Location.Should().EndWith("/quickstart");
        (await visitor.OpenAsync("/settings/api-keys")).Status.Should().Be(200);
        (await Visitor().OpenAsync("/account/set-up")).Location.Should().EndWith("/account/sign-in");
        (await _opsmeter.AuditAsync("member.")).Should().Contain(row => row.Action == "member.create");
    }

    [Fact]
    public async Task SetUp_WrongCodes_AreRefusedAndThenAllAre()
    {
        var visitor = Visitor();
        for (var i = 0; i < 20; i++)
        {
            (await visitor.SubmitAsync("/account/set-up", Form("WRONG-CODE", "a@example.com"))).Status.Should().Be(200);
        }

        var right = await visitor.SubmitAsync("/account/set-up", Form(Code, "a@example.com"));

        right.Status.Should().Be(200);
        right.Text.Should().Contain("Too many wrong codes");
        (await visitor.OpenAsync("/")).Location.Should().EndWith("/account/set-up");
    }

    [Theory]
    [InlineData("short", "short", "Use 12 to 128 characters")]
    [InlineData("password1234!", "password1234!", "tried first")]
    [InlineData("abcdefghijkl", "abcdefghijkl", "follow each other")]
    [InlineData("three quiet orange trains", "three quiet orange train", "differ")]
    public async Task SetUp_PasswordThatWillNotDo_SaysWhyBesideTheField(string password, string again, string says)
    {
        var answer = await Visitor().SubmitAsync(
            "/account/set-up",
            ("Input.Code", Code), ("Input.Email", "a@example.com"), ("Input.Password", password), ("Input.Again", again));

        answer.Status.Should().Be(200);
        answer.Text.Should().Contain(says).And.NotContain(password + "\"");
    }

    [Fact]
    public async Task SetUp_TwoAtOnce_MakesOneAdmin()
    {
        var (one, two) = (Visitor(), Visitor());

        var made = await Task.WhenAll(
            one.SubmitAsync("/account/set-up", Form(Code, "one@example.com")), two.SubmitAsync("/account/set-up", Form(Code, "two@example.com")));

        made.Count(answer => answer.Status == 302 && answer.Location!.EndsWith("/quickstart", StringComparison.Ordinal)).Should().Be(1);
        (await _opsmeter.LedgerAsync(db => Task.FromResult(db.Users.Count()))).Should().Be(1);
    }

    [Fact]
    public async Task Setup_ByConfiguration_MakesAnAdminAndAKeyOnceAndInTheZone()
    {
        await using var opsmeter = new TestOpsmeter();
        opsmeter.Settings["Setup:AdminEmail"] = "lead@example.com";
        opsmeter.Settings["Setup:AdminPassword"] = Password;
        opsmeter.Settings["Setup:ApiKey"] = "opm_abcdefgh_0123456789012345678901234567";
        opsmeter.Settings["Setup:TimeZone"] = "Asia/Kathmandu";
        using var client = opsmeter.CreateClient();
        client.DefaultRequestHeaders.Add("Authorization", "Bearer opm_abcdefgh_0123456789012345678901234567");

        var settings = await client.ReadAsync("/v1/settings");
        var budget = await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget());

        settings["timeZone"].GetString().Should().Be("Asia/Kathmandu");
        budget.Status.Should().Be(201, budget.Text);
    }

    [Theory]
    [InlineData("AdminEmail", "a@example.com", "AdminPassword")]
    [InlineData("ApiKey", "hunter2", "Setup__ApiKey")]
    [InlineData("TimeZone", "Mars/Olympus", "Setup__TimeZone")]
    public async Task Setup_ValueThatWillNotDo_IsNamedAndNotQuoted(string name, string value, string says)
    {
        var options = new SetUpOptions();
        typeof(SetUpOptions).GetProperty(name)!.SetValue(options, value);

        var result = new SetUpOptions.Validation().Validate(null, options);

        result.FailureMessage.Should().Contain(says).And.NotContain("hunter2");
    }

    private static (string, string)[] Form(string code, string email) =>
        [("Input.Code", code), ("Input.Email", email), ("Input.Password", Password), ("Input.Again", Password)];

    private PageVisitor Visitor() => new(_opsmeter.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false }));
}
