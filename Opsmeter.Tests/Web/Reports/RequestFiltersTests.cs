using AwesomeAssertions;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Reports;
using Xunit;

namespace Opsmeter.Tests.Web.Reports;

public sealed class RequestFiltersTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_View_HasItsRangeScopeAndFilters()
    {
        var filter = Of("?from=2026-11-20T00:00:00Z&to=2026-11-21T06:30:00Z&environment=staging&data=all&model=gpt-5&endpoint=a&endpoint=b");

        filter.Range.Should().Be(new Opsmeter.Core.TimeWindow(new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero), new(2026, 11, 21, 6, 30, 0, TimeSpan.Zero)));
        filter.Environment.Should().Be(DeploymentEnvironment.Staging);
        filter.DataMode.Should().BeNull();
        filter.Only[Dimension.EndpointTag].Should().Equal("a", "b");
        filter.Only[Dimension.Model].Should().Equal("gpt-5");
        filter.Only.Should().HaveCount(2);
    }

    [Theory]
    [InlineData(null, false, false, false)]
    [InlineData("errors", true, false, false)]
    [InlineData("unpriced", false, true, false)]
    [InlineData("conflicts", false, false, true)]
    [InlineData("ERRORS; drop", false, false, false)]
    public void Of_Kind_IsOneOfTheKnown(string? only, bool errors, bool unpriced, bool conflicts)
    {
        var filter = Of("", only);

        (filter.OnlyErrors, filter.OnlyUnpriced, filter.OnlyConflicts).Should().Be((errors, unpriced, conflicts));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("  ", null)]
    [InlineData(" req_ ", "req_")]
    public void Of_IdPrefix_IsTrimmed(string? id, string? prefix) => Of("", id: id).IdPrefix.Should().Be(prefix);

    [Fact]
    public void Of_TenantsSentAsUsers_AreLookedForThere()
    {
        var filter = Of("?tenant=acme&tenant=globex", source: TenantSource.UserId);

        filter.Only.Should().ContainSingle().Which.Key.Should().Be(Dimension.UserId);
        filter.Only[Dimension.UserId].Should().Equal("acme", "globex");
    }

    [Fact]
    public void Of_TenantAndUserInOneField_AreBothMeant() =>
        Of("?tenant=acme&tenant=globex&user=globex&user=initech", source: TenantSource.UserId).Only[Dimension.UserId].Should().Equal("globex");

    [Fact]
    public void Of_TenantsOfTheirOwn_StayTenants() => Of("?tenant=acme").Only.Keys.Should().Equal(Dimension.TenantId);

    private static RequestFilter Of(string query, string? only = null, string? id = null, TenantSource source = TenantSource.TenantId)
    {
        var view = SpendView.Parse(query);
        var range = SpendRange.Of(view, Now, "UTC", DayOfWeek.Monday);
        return RequestFilters.Of(new SpendPeriod(1, view, range, null, Now, new WorkspaceSettings { TenantFrom = source }), only, id);
    }
}
