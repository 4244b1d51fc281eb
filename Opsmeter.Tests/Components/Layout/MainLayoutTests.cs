using AwesomeAssertions;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Web.Components.Layout;
using Opsmeter.Web.Live;
using Xunit;

namespace Opsmeter.Tests.Components.Layout;

public sealed class MainLayoutTests : PageContext
{
    public MainLayoutTests()
    {
        Services.AddAntiforgery();
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(new DemoState());
    }

    [Fact]
    public void Navigation_EveryPage_HasALetterOfItsOwn()
    {
        var links = Layout("").FindAll("nav a[data-key]");

        links.Select(link => link.GetAttribute("data-key")).Should().Equal("o", "p", "r", "b", "t", "q", "s");
        links.Select(link => link.TextContent.Trim())
            .Should().Equal("Overview", "Prompt versions", "Requests", "Budgets", "Tiers", "Quickstart", "Settings");
    }

    [Theory]
    [InlineData("", "Overview")]
    [InlineData("?from=now-7d", "Overview")]
    [InlineData("budgets/agents", "Budgets")]
    public void Navigation_PageShown_IsTheOnlyOneMarked(string address, string current) =>
        Layout(address).FindAll("nav a.active").Select(link => link.TextContent.Trim()).Should().Equal(current);

    [Fact]
    public void ShortcutHelp_EveryPage_IsListed()
    {
        var help = Layout("").Find("#shortcut-help").TextContent;

        NavGroup.All.SelectMany(group => group.Pages).Should().OnlyContain(page => help.Contains($"Go to {page.Text}"));
    }

    [Fact]
    public void UserMenu_NobodySignedIn_IsLeftOut() => Layout("").FindAll("form[action='account/sign-out']").Should().BeEmpty();

    [Fact]
    public void UserMenu_SignedIn_PostsTheSignOut()
    {
        var layout = Layout("", "Team lead");

        layout.Find("form[action='account/sign-out']").GetAttribute("method").Should().Be("post");
        layout.Find(".user-name").TextContent.Should().Be("Team lead");
    }

    [Fact]
    public void Body_Throws_KeepsTheNavigation()
    {
        var layout = Layout("", body: builder =>
        {
            builder.OpenComponent<TestBrokenPage>(0);
            builder.CloseComponent();
        });

        layout.Find("main").TextContent.Should().Contain("This page could not be shown");
        layout.FindAll("nav a[data-key]").Should().NotBeEmpty();
    }

    private IRenderedComponent<MainLayout> Layout(string address, string? user = null, RenderFragment? body = null)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Render<MainLayout>(parameters =>
        {
            parameters.Add(layout => layout.Body, body ?? (builder => builder.AddContent(0, "body")));
            if (user is not null)
            {
                parameters.AddCascadingValue("UserName", user);
            }
        });
    }

    private sealed class TestBrokenPage : ComponentBase
    {
        protected override void OnInitialized() => throw new InvalidOperationException("broken");
    }
}
