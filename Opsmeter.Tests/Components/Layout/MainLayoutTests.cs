using AwesomeAssertions;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Web.Components.Layout;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Live;
using Opsmeter.Web.Reports;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Components.Layout;

public sealed class MainLayoutTests : PageContext
{
    public MainLayoutTests()
    {
        Services.AddAntiforgery();
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(new DemoState());
        Services.AddSingleton<Boards>();
        Services.AddSingleton<BudgetStates>();
        Services.AddSingleton<LedgerFeed>();
        Services.AddSingleton<LiveFeed>();
        Services.AddDbContextFactory<OpsmeterDb>(_ => { });
        Services.AddSingleton<MemberRoll>();
        Services.AddSingleton(new HostingOptions());
        Services.AddHttpContextAccessor();
    }

    [Fact]
    public void Navigation_EveryPage_HasALetterOfItsOwn()
    {
        var links = Layout("").FindAll("nav a[data-key]");

        links.Select(link => link.GetAttribute("data-key")).Should().Equal("o", "e", "u", "p", "m", "r", "b", "t", "a", "w", "q", "s");
        links.Select(link => link.TextContent.Trim())
            .Should().Equal(
                "Overview", "Endpoints", "Users", "Prompt versions", "Models", "Requests", "Budgets", "Tiers", "Alerts", "Weekly review", "Quickstart", "Settings");
    }

    [Fact]
    public void Navigation_AView_IsKeptByThePagesOfSpendAlone()
    {
        var links = Layout("endpoints?from=now-30d&environment=staging&endpoint=chat.reply&sort=cost").FindAll("nav a[data-key]");

        string HrefOf(string key) => links.Single(link => link.GetAttribute("data-key") == key).GetAttribute("href")!;
        HrefOf("o").Should().Be("?from=now-30d&environment=staging&endpoint=chat.reply");
        HrefOf("p").Should().Be("versions?from=now-30d&environment=staging&endpoint=chat.reply", "what a page's own address says stays there");
        HrefOf("b").Should().Be("budgets");
        HrefOf("s").Should().Be("settings");
    }

    [Fact]
    public void Navigation_AddressChanges_LinksFollowAndOutliveAPageWithoutAView()
    {
        var layout = Layout("");
        var navigation = Services.GetRequiredService<NavigationManager>();
        string Users() => layout.Find("nav a[data-key=u]").GetAttribute("href")!;

        navigation.NavigateTo("models?tenant=acme");
        layout.WaitForAssertion(() => Users().Should().Be("users?tenant=acme"));
        navigation.NavigateTo("budgets");

        layout.WaitForAssertion(() => layout.Find("nav a.active").TextContent.Trim().Should().Be("Budgets"));
        Users().Should().Be("users?tenant=acme");
    }

    [Fact]
    public void Navigation_SpikeBeingInvestigated_ItsHoursAreKept() =>
        Layout("investigate?from=2026-11-23T14%3A00%3A00Z&to=2026-11-24T01%3A00%3A00Z&compare=week").Find("nav a[data-key=e]").GetAttribute("href")
            .Should().Be("endpoints?from=2026-11-23T14%3A00%3A00Z&to=2026-11-24T01%3A00%3A00Z&compare=week", "a spike is investigated on every page");

    [Theory]
    [InlineData("", "Overview")]
    [InlineData("?from=now-7d", "Overview")]
    [InlineData("investigate?from=now-1d", "Overview")]
    [InlineData("budgets/agents", "Budgets")]
    [InlineData("endpoints/one?endpoint=chat.reply", "Endpoints")]
    [InlineData("endpoints/one?from=now-30d", "Endpoints")]
    public void Navigation_PageShown_IsTheOnlyOneMarked(string address, string current) =>
        Layout(address).FindAll("nav a.active").Select(link => link.TextContent.Trim()).Should().Equal(current);

    [Fact]
    public void ShortcutHelp_EveryPage_IsListed()
    {
        var help = Layout("").Find("#shortcut-help").TextContent;

        NavGroup.All.SelectMany(group => group.For(null)).Should().OnlyContain(page => help.Contains($"Go to {page.Text}"));
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

    [Fact]
    public void Body_ThrowsWhenPressed_IsBackByTryAgainAndByAnotherPage()
    {
        var layout = Layout("", body: builder =>
        {
            builder.OpenComponent<TestBrokenButton>(0);
            builder.CloseComponent();
        });
        layout.Find("[data-break]").Click();
        layout.Find("main").TextContent.Should().Contain("This page could not be shown").And.NotContain("a secret of the server");
        layout.FindAll("nav a[data-key]").Should().NotBeEmpty();

        layout.Find("main .empty-state button").Click();
        layout.FindAll("[data-break]").Should().ContainSingle();

        layout.Find("[data-break]").Click();
        layout.Render(parameters => parameters.Add(each => each.Body, builder => builder.AddContent(0, "another page")));
        layout.Find("main").TextContent.Should().Contain("another page").And.NotContain("could not be shown");
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

    private sealed class TestBrokenButton : ComponentBase
    {
        protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder)
        {
            builder.OpenElement(0, "button");
            builder.AddAttribute(1, "data-break", true);
            builder.AddAttribute(2, "onclick", EventCallback.Factory.Create(this, () => throw new InvalidOperationException("a secret of the server")));
            builder.CloseElement();
        }
    }
}
