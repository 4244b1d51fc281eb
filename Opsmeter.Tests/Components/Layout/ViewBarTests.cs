using AngleSharp.Dom;
using AwesomeAssertions;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Sections;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Components.Layout;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Reports;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Views;
using Xunit;

namespace Opsmeter.Tests.Components.Layout;

public sealed class ViewBarTests : PageContext, IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private readonly TestOpsmeter _opsmeter = new(now: Now);

    public ViewBarTests()
    {
        Services.AddSingleton(_opsmeter.Services.GetRequiredService<FilterSuggestions>());
        Services.AddSingleton(_opsmeter.Services.GetRequiredService<SavedViews>());
    }

    private NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _opsmeter.DisposeAsync();
    }

    [Fact]
    public void Chips_EachValue_IsTextWithALinkToTheViewWithoutIt()
    {
        var bar = Bar("endpoints?endpoint=%3Cb%3Echat&endpoint=summarise&tenant=acme&by=model");

        bar.FindAll(".filter-chip").Select(chip => chip.TextContent.Trim())
            .Should().Equal("endpoint: <b>chat", "endpoint: summarise", "tenant: acme");
        var remove = bar.FindAll(".filter-chip a");
        remove.Select(link => link.GetAttribute("aria-label")).Should().Contain("Remove the filter tenant: acme");
        remove.Select(link => link.GetAttribute("href")).Should().Equal(
            "endpoints?endpoint=summarise&tenant=acme&by=model",
            "endpoints?endpoint=%3Cb%3Echat&tenant=acme&by=model",
            "endpoints?endpoint=%3Cb%3Echat&endpoint=summarise&by=model");
        bar.Find(".clear-filters").GetAttribute("href").Should().Be("endpoints?by=model");
    }

    [Fact]
    public void Presets_EachRange_IsALinkThatKeepsTheRest()
    {
        var bar = Bar("?environment=all&tenant=acme");

        var presets = bar.FindAll(".range-presets a");
        presets.Should().HaveCount(SpendRange.Presets.Count);
        presets.Single(link => link.TextContent.Trim() == "Last month").GetAttribute("href")
            .Should().Be("?from=now-1M%2FM&to=now%2FM&environment=all&tenant=acme");
        presets.Where(link => link.GetAttribute("aria-current") == "true").Select(link => link.TextContent.Trim()).Should().Equal("Last 7 days");
    }

    [Theory]
    [InlineData("", "Last 7 days")]
    [InlineData("?from=now-1M%2FM&to=now%2FM", "Last month")]
    [InlineData("?from=2026-11-12T14:00:00Z&to=2026-11-13T01:00:00Z", "12 Nov 14:00 – 13 Nov 01:00")]
    [InlineData("?from=2026-11-12T14:00:00Z&to=2026-11-12T15:30:00Z", "12 Nov 14:00 – 15:30")]
    [InlineData("?from=2026-11-12T00:00:00Z&to=2026-11-14T00:00:00Z", "12 Nov – 13 Nov")]
    [InlineData("?from=2025-12-31T00:00:00Z&to=2026-01-01T00:00:00Z", "31 Dec 2025")]
    [InlineData("?from=yesterday", "Last 7 days")]
    public void Range_AsShown_IsNamedOrWrittenOut(string query, string text) =>
        Bar(query).Find("[data-range]").TextContent.Should().Be(text);

    // Blazor's script sends seconds even where the field shows none.
    [Fact]
    public async Task Range_CustomEnds_GoToTheirInstants()
    {
        var bar = Bar("models?tenant=acme");

        await bar.Find("#f-viewFrom").ChangeAsync(new ChangeEventArgs { Value = "2026-11-12T14:00:00" });
        await bar.Find("#f-viewTo").ChangeAsync(new ChangeEventArgs { Value = "2026-11-13T01:00:00" });
        await bar.Find(".range-form").SubmitAsync();

        Navigation.ToBaseRelativePath(Navigation.Uri).Should().Be("models?from=2026-11-12T14%3A00%3A00Z&to=2026-11-13T01%3A00%3A00Z&tenant=acme");
    }

    [Theory]
    [InlineData("2026-11-12T14:00:00", "2026-11-12T14:00:00", "Choose a time after the start.")]
    [InlineData("2010-11-12T14:00:00", "2026-11-12T14:00:00", "longer than ten years")]
    [InlineData("0001-01-01T00:00:00", "2026-11-12T14:00:00", "years 2000 to 2199")]
    [InlineData("2026-11-12T14:00:00", "", "Choose a date and a time.")]
    public async Task Range_CustomEndsThatAreNoRange_AreSaidBesideTheFieldAndGoNowhere(string from, string to, string problem)
    {
        var bar = Bar("models");

        await bar.Find("#f-viewFrom").ChangeAsync(new ChangeEventArgs { Value = from });
        await bar.Find("#f-viewTo").ChangeAsync(new ChangeEventArgs { Value = to });
        await bar.Find(".range-form").SubmitAsync();

        bar.Find("#f-viewTo-error").TextContent.Should().Contain(problem);
        bar.Find("#f-viewTo").GetAttribute("aria-invalid").Should().Be("true");
        Navigation.ToBaseRelativePath(Navigation.Uri).Should().Be("models");
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("?environment=staging", "Staging requests are in view.")]
    [InlineData("?environment=all&data=demo", "Requests of every environment with demo data are in view.")]
    [InlineData("?from=2026-11-12T14:00:00Z&to=2026-11-01T00:00:00Z", "The range begins after its end. The last 7 days are shown instead.")]
    public void Notices_WhatIsUnusual_IsSaidBelowTheBar(string query, string? text)
    {
        var notices = Bar(query).FindAll(".notice");

        if (text is null)
        {
            notices.Should().BeEmpty();
        }
        else
        {
            notices.Should().ContainSingle().Which.TextContent.Should().Contain(text);
        }
    }

    [Fact]
    public async Task Filter_TypedText_FindsRealValuesDearestFirst()
    {
        await ReportAsync(("chat.reply", 1_000), ("agents.chat", 900_000), ("summarise", 5_000));
        var bar = Bar("endpoints?by=model");

        await bar.Find(".filter-form input").FocusAsync(new());
        Values(bar).Should().Equal("agents.chat", "summarise", "chat.reply");
        await bar.Find(".filter-form input").InputAsync(new ChangeEventArgs { Value = "CHAT" });

        Values(bar).Should().Equal("agents.chat", "chat.reply", "Exactly “CHAT”");
        bar.FindAll(".filter-values a")[1].GetAttribute("href").Should().Be("endpoints?endpoint=chat.reply&by=model");
    }

    [Theory]
    [InlineData("chat.reply", "endpoints?endpoint=chat.reply")]
    [InlineData("chat", "endpoints?endpoint=chat.reply.long")]
    [InlineData("new <tag>", "endpoints?endpoint=new%20%3Ctag%3E")]
    public async Task Filter_Enter_TakesTheFirstShown(string typed, string address)
    {
        await ReportAsync(("chat.reply", 1_000), ("chat.reply.long", 900_000));
        var bar = Bar("endpoints");

        await bar.Find(".filter-form input").FocusAsync(new());
        await bar.Find(".filter-form input").InputAsync(new ChangeEventArgs { Value = typed });
        await bar.Find(".filter-form").SubmitAsync();

        Navigation.ToBaseRelativePath(Navigation.Uri).Should().Be(address);
    }

    [Fact]
    public async Task Views_SaveRenameDeleteUndo_KeepTheAddress()
    {
        var bar = Bar("endpoints?from=now-30d&by=model");
        await bar.Find("[data-views-menu]").TriggerEventAsync("ontoggle", EventArgs.Empty);

        await bar.Find(".views-save input").InputAsync(new ChangeEventArgs { Value = "<i>month" });
        await bar.Find(".views-save").SubmitAsync();
        bar.Find(".views-list a").GetAttribute("href").Should().Be("endpoints?from=now-30d&by=model");
        bar.Find(".views-list a").TextContent.Trim().Should().StartWith("<i>month");

        await bar.Find("button[aria-label='Rename <i>month']").ClickAsync(new());
        await bar.Find(".views-list li input").InputAsync(new ChangeEventArgs { Value = "Month" });
        await bar.Find(".views-list li form").SubmitAsync();
        await bar.Find("button[aria-label='Delete Month']").ClickAsync(new());
        bar.FindAll(".views-list li").Should().BeEmpty();

        await bar.Find(".views-deleted button").ClickAsync(new());
        bar.Find(".views-list a").GetAttribute("href").Should().Be("endpoints?from=now-30d&by=model");
    }

    [Fact]
    public async Task Views_NameOfAnotherView_OffersToReplaceItAndToTakeThatBack()
    {
        var bar = Bar("endpoints?from=now-30d");
        await SaveAsync(bar, "month");
        bar.Find(".views-save button").TextContent.Should().Be("Save");

        Navigation.NavigateTo("endpoints?from=now-90d");
        await bar.Find(".views-save input").InputAsync(new ChangeEventArgs { Value = " month " });
        bar.Find(".views-save button").TextContent.Should().Be("Replace");
        await bar.Find(".views-save").SubmitAsync();
        bar.FindAll(".views-list li a").Select(link => link.GetAttribute("href")).Should().Equal("endpoints?from=now-90d");
        bar.Find(".views-deleted").TextContent.Should().Contain("“month” is replaced.");

        await bar.Find(".views-deleted button").ClickAsync(new());
        bar.FindAll(".views-list li a").Select(link => link.GetAttribute("href")).Should().Equal("endpoints?from=now-30d");
    }

    [Fact]
    public async Task Views_RenamedToANameThatIsTaken_IsSaidBesideTheField()
    {
        var bar = Bar("endpoints");
        await SaveAsync(bar, "month");
        await SaveAsync(bar, "week");

        await bar.Find("button[aria-label='Rename week']").ClickAsync(new());
        await bar.Find(".views-list li input").InputAsync(new ChangeEventArgs { Value = "month" });
        await bar.Find(".views-list li form").SubmitAsync();

        bar.Find(".views-list li .field-error").TextContent.Should().Contain("“month”");
    }

    private static async Task SaveAsync(IRenderedComponent<IComponent> bar, string name)
    {
        await bar.Find(".views-save input").InputAsync(new ChangeEventArgs { Value = name });
        await bar.Find(".views-save").SubmitAsync();
    }

    private static IEnumerable<string> Values(IRenderedComponent<IComponent> bar) =>
        bar.FindAll(".filter-values .filter-value").Select(value => value.TextContent);

    private async Task ReportAsync(params (string Endpoint, int Tokens)[] requests)
    {
        using var client = await _opsmeter.ClientAsync();
        var rows = requests.Select(request => RowText.Of(request.Endpoint, "2026-11-25T11:00:00Z", endpoint: request.Endpoint, input: request.Tokens, output: 0, model: "gpt-5-mini"));
        var answer = await client.PostAsync("/v1/ingest/llm-requests", $"[{string.Join(',', rows)}]");
        answer["accepted"].GetInt32().Should().Be(requests.Length, answer.Text);
    }

    private IRenderedComponent<IComponent> Bar(string address)
    {
        Navigation.NavigateTo(address);
        var view = SpendView.Parse(Navigation.Uri);
        var period = _opsmeter.Services.GetRequiredService<SpendPeriods>().Of(Store.WorkspaceId, view);
        return Render<CascadingValue<Visitor>>(parameters => parameters
            .Add(cascade => cascade.Value, new Visitor(Store.WorkspaceId, "ada", "ada@example.com", Role.Viewer))
            .AddChildContent<SectionOutlet>(outlet => outlet.Add(section => section.SectionName, "notices"))
            .AddChildContent<ViewBar>(bar => bar.Add(each => each.View, view).Add(each => each.Period, period)));
    }
}
