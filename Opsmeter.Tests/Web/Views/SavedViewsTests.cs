using AwesomeAssertions;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Views;
using Xunit;

namespace Opsmeter.Tests.Web.Views;

public sealed class SavedViewsTests : IAsyncDisposable
{
    private static readonly Visitor Ada = new(Store.WorkspaceId, "ada", "ada@example.com", Role.Viewer);
    private static readonly Visitor Grace = new(Store.WorkspaceId, "grace", "grace@example.com", Role.Admin);
    private readonly TestOpsmeter _opsmeter = new();
    private readonly SavedViews _views;

    public SavedViewsTests() => _views = _opsmeter.Services.GetRequiredService<SavedViews>();

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Fact]
    public async Task ListAsync_OfAMember_HasTheirOwnByName()
    {
        await _views.SaveAsync(Ada, " month ", "endpoints", "?from=now-30d");
        await _views.SaveAsync(Ada, "All of it", "", "");
        await _views.SaveAsync(Grace, "mine", "users", "?tenant=acme");

        (await _views.ListAsync(Ada)).Select(view => (view.Name, view.Address))
            .Should().Equal(("All of it", ""), ("month", "endpoints?from=now-30d"));
        (await _views.ListAsync(Ada with { WorkspaceId = 99 })).Should().BeEmpty();
    }

    [Fact]
    public async Task SaveAsync_Replacing_TakesThePlaceOfThatNameOnThatPageAlone()
    {
        await _views.SaveAsync(Ada, "month", "endpoints", "?from=now-30d");
        await _views.SaveAsync(Ada, "month", "users", "?from=now-30d");
        await _views.SaveAsync(Grace, "month", "endpoints", "?from=now-30d");

        (await _views.SaveAsync(Ada, "month", "endpoints", "?from=now-90d")).Should().Contain("another name");
        (await _views.SaveAsync(Ada, "month", "endpoints", "?from=now-14d", isReplacing: true)).Should().BeNull();

        (await _views.ListAsync(Ada)).Select(view => view.Address).Should().Equal("endpoints?from=now-14d", "users?from=now-30d");
        (await _views.ListAsync(Grace)).Single().Address.Should().Be("endpoints?from=now-30d");
    }

    [Fact]
    public async Task Changes_OfAnothersView_AreRefusedAndChangeNothing()
    {
        await _views.SaveAsync(Ada, "month", "endpoints", "?from=now-30d");
        var id = (await _views.ListAsync(Ada)).Single().Id;

        (await _views.RenameAsync(Grace, id, "hers")).Should().Contain("no longer there");
        (await _views.DeleteAsync(Grace, id)).Should().BeFalse();

        (await _views.ListAsync(Ada)).Should().ContainSingle().Which.Name.Should().Be("month");
    }

    [Fact]
    public async Task SaveAsync_NameOfTheSamePage_IsRefusedAndOfAnotherPageIsNot()
    {
        (await _views.SaveAsync(Ada, "month", "endpoints", "?from=now-30d")).Should().BeNull();

        (await _views.SaveAsync(Ada, "month", "endpoints", "?from=now-90d")).Should().Contain("“month”");
        (await _views.SaveAsync(Ada, "month", "users", "?from=now-30d")).Should().BeNull();
        (await _views.SaveAsync(Grace, "month", "endpoints", "?from=now-30d")).Should().BeNull();
    }

    [Fact]
    public async Task RenameAsync_FreeAndTakenNames_FollowTheSameRule()
    {
        await _views.SaveAsync(Ada, "month", "endpoints", "");
        await _views.SaveAsync(Ada, "week", "endpoints", "?from=now-7d&to=now%2Fd");
        var week = (await _views.ListAsync(Ada)).Single(view => view.Name == "week");

        (await _views.RenameAsync(Ada, week.Id, "month")).Should().Contain("“month”");
        (await _views.RenameAsync(Ada, week.Id, "week")).Should().BeNull("its own name is free to it");
        (await _views.RenameAsync(Ada, week.Id, "days")).Should().BeNull();

        (await _views.ListAsync(Ada)).Select(view => view.Name).Should().Equal("days", "month");
    }

    [Theory]
    [InlineData("", "Write a name")]
    [InlineData("   ", "Write a name")]
    [InlineData(null, "80 characters")]
    public async Task SaveAsync_NameTooShortOrLong_SaysSo(string? name, string problem) =>
        (await _views.SaveAsync(Ada, name ?? new string('n', 81), "", "")).Should().Contain(problem);

    [Fact]
    public async Task SaveAsync_OneMoreThanTheMost_IsRefusedUntilOneIsDeleted()
    {
        for (var i = 0; i < SavedViews.MostOfMember; i++)
        {
            (await _views.SaveAsync(Ada, $"view {i}", "", "")).Should().BeNull();
        }

        (await _views.SaveAsync(Ada, "one more", "", "")).Should().Contain("100");
        (await _views.SaveAsync(Grace, "one more", "", "")).Should().BeNull("the limit is a member's own");
        await _views.DeleteAsync(Ada, (await _views.ListAsync(Ada))[0].Id);
        (await _views.SaveAsync(Ada, "one more", "", "")).Should().BeNull();
    }

    [Theory]
    [InlineData("//elsewhere.example", "")]
    [InlineData("https://elsewhere.example", "")]
    [InlineData("javascript:alert(1)", "")]
    [InlineData("endpoints", "from=now-7d")]
    public async Task SaveAsync_WhatIsNoPageOfOurs_Throws(string page, string query)
    {
        var save = () => _views.SaveAsync(Ada, "name", page, query);

        await save.Should().ThrowAsync<ArgumentException>();
    }
}
