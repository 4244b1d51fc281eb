using AwesomeAssertions;
using Microsoft.Extensions.Time.Testing;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Reports;
using Opsmeter.Web.Storage.Facts;
using Xunit;

namespace Opsmeter.Tests.Web.Reports;

/// <summary>Sums of whole segments are used again only where all of them are wanted, and take no more than their share of memory.</summary>
public sealed class KeptSumsTests : IDisposable
{
    private static readonly SpendPlan Plan = new(
        new SpendQuery { WorkspaceId = 1, Range = default, GroupBy = Dimension.UserId }, TenantSource.TenantId, (_, _) => []);

    private readonly FakeTimeProvider _time = new();
    private readonly KeptSums _kept;

    public KeptSumsTests() => _kept = new KeptSums(_time);

    public void Dispose() => _kept.Dispose();

    [Fact]
    public void Find_MoreSegmentsThanWereSummed_IsWhatWasSummed()
    {
        _kept.Keep("a", Segments(1, 2), Sums(3));

        var found = _kept.Find("a", Segments(1, 2, 3));

        found!.Segments.Should().BeEquivalentTo(Segments(1, 2));
        found.Sums.Groups.Should().HaveCount(3);
        _kept.Find("b", Segments(1, 2, 3)).Should().BeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2, 3)]
    public void Find_ASegmentThatWasSummedIsNotWanted_IsNothing(params int[] wanted)
    {
        _kept.Keep("a", Segments(1, 2), Sums(3));

        _kept.Find("a", Segments(wanted)).Should().BeNull();
    }

    [Fact]
    public void Keep_AddedToAfterwards_IsWhatItWas()
    {
        var sums = Sums(3);
        _kept.Keep("a", Segments(1), sums);

        sums.Add(Sums(5));

        var found = _kept.Find("a", Segments(1))!.Sums;
        found.Groups.Should().HaveCount(3);
        found.SumsAt(0).Requests.Should().Be(1);
    }

    [Fact]
    public void Keep_NotUsedForAWhile_IsLetGo()
    {
        _kept.Keep("used", Segments(1), Sums(1));
        _kept.Keep("left", Segments(1), Sums(1));
        for (var passed = TimeSpan.Zero; passed < KeptSums.Lasts; passed += TimeSpan.FromMinutes(1))
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            _kept.Find("used", Segments(1)).Should().NotBeNull();
        }

        _kept.Find("left", Segments(1)).Should().BeNull();
        _kept.Count.Should().Be(1);
    }

    [Fact]
    public void Keep_MoreThanThereIsRoomFor_ForgetsWhatWasUsedLongestAgo()
    {
        var sums = Sums(20_000);
        var room = (int)(KeptSums.MostBytes / sums.Bytes);
        room.Should().BeInRange(4, 100);
        for (var i = 0; i < room; i++)
        {
            _kept.Keep($"{i}", Segments(1), sums);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        _kept.Find("0", Segments(1)).Should().NotBeNull();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _kept.Keep("one more", Segments(1), sums);

        _kept.Count.Should().Be(room);
        _kept.Find("0", Segments(1)).Should().NotBeNull();
        _kept.Find("1", Segments(1)).Should().BeNull();
    }

    [Fact]
    public void Keep_OneThatIsTooLarge_IsNotKept()
    {
        _kept.Keep("a", Segments(1), Sums(1));

        _kept.Keep("a", Segments(1, 2), Sums(100_000));

        _kept.Count.Should().Be(0);
        _kept.Find("a", Segments(1, 2)).Should().BeNull();
    }

    [Theory]
    [InlineData(SpendStacks.MostValues - 1, true)]
    [InlineData(SpendStacks.MostValues, false)]
    public void Recurs_NarrowedToTheDearestOfTheMoment_IsFalse(int values, bool recurs)
    {
        var query = new SpendQuery
        {
            WorkspaceId = 1, Range = default, Only = new Dictionary<Dimension, IReadOnlyList<string>> { [Dimension.UserId] = ["any"] },
        };

        new SpendPlan(query, TenantSource.TenantId, (_, _) => [.. Enumerable.Range(1, values)]).Recurs.Should().Be(recurs);
    }

    private static HashSet<Segment> Segments(params int[] ids) => [.. ids.Select(id => new Segment(id, 1, 1, 0, 0, id, 0, 0))];

    private static SpendAggregate Sums(int users)
    {
        var batch = new FactBatch { Count = users };
        batch.CodesFor(FactColumn.Scope).Clear();
        batch.SetValues(FactColumn.Scope, [Fact.ScopeOf(DeploymentEnvironment.Prod, DataMode.Real)]);
        var codes = batch.CodesFor(FactColumn.User);
        for (var i = 0; i < users; i++)
        {
            codes[i] = i;
        }

        batch.SetValues(FactColumn.User, [.. Enumerable.Range(1, users)]);
        batch.MeasureFor(FactColumn.Requests).Fill(1);
        var sums = new SpendAggregate(Plan, long.MinValue, long.MaxValue, [FactColumn.Requests]);
        sums.Add(batch);
        return sums;
    }
}
