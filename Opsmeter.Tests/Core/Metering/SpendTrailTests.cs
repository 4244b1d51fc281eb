using AwesomeAssertions;
using CsCheck;
using Opsmeter.Core;
using Opsmeter.Core.Metering;
using Xunit;

namespace Opsmeter.Tests.Core.Metering;

public sealed class SpendTrailTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(10, 2)]
    [InlineData(60, 5)]
    [InlineData(360, 30)]
    public void Sums_AnyOrderOfArrival_EqualTheNaiveModel(int longMinutes, int shortMinutes)
    {
        var seconds = longMinutes * 60 * 2;
        var step = Gen.Select(Gen.Int[-seconds, seconds], Gen.Int[0, seconds], Gen.Int[1, 1_000], Gen.Bool);

        step.List[1, 80].Sample(
            steps =>
            {
                var trail = new SpendTrail(TimeSpan.FromMinutes(longMinutes), TimeSpan.FromMinutes(shortMinutes));
                var model = new TestTrail(TimeSpan.FromMinutes(longMinutes), TimeSpan.FromMinutes(shortMinutes));
                var t = Start;
                foreach (var (offset, forward, amount, moves) in steps)
                {
                    // Offsets below zero are late, above zero from the future of t.
                    trail.Add(t.AddSeconds(offset), Amount(amount));
                    model.Add(t.AddSeconds(offset), amount);
                    t = moves ? t.AddSeconds(forward) : t;
                    trail.MoveTo(t);
                    model.MoveTo(t);

                    trail.InShort(Measure.Usd).Should().Be(model.InShort);
                    trail.InLong(Measure.Usd).Should().Be(model.InLong);
                    trail.InLong(Measure.Requests).Should().Be(model.RequestsInLong);
                }
            },
            iter: 400, threads: 1);
    }

    [Fact]
    public void InShort_LateRequestOlderThanTheShortWindow_IsNotCounted()
    {
        var trail = new SpendTrail(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5));
        trail.Add(Start, Amount(1));
        trail.MoveTo(Start);
        trail.MoveTo(Start.AddMinutes(20));

        trail.Add(Start.AddMinutes(10), Amount(5));

        trail.InShort(Measure.Usd).Should().Be(0, "it joined the short window until t moved again");
        trail.InLong(Measure.Usd).Should().Be(6);
    }

    [Fact]
    public void InLong_EdgesOfTheWindow_AreOpenAtTheStartAndClosedAtTheEnd()
    {
        var trail = new SpendTrail(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5));
        trail.Add(Start, Amount(1));
        trail.Add(Start.AddSeconds(1), Amount(10));
        trail.Add(Start.AddHours(1), Amount(100));
        trail.Add(Start.AddHours(1).AddSeconds(1), Amount(1_000));

        trail.MoveTo(Start.AddHours(1));

        trail.InLong(Measure.Usd).Should().Be(110);
        trail.InShort(Measure.Usd).Should().Be(100);
    }

    [Fact]
    public void Add_NegativeAmount_TakesTheEarlierOneBack()
    {
        var trail = new SpendTrail(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5));
        trail.Add(Start, Amount(7));
        trail.MoveTo(Start);

        trail.Add(Start, -Amount(7));

        trail.InLong(Measure.Usd).Should().Be(0);
        trail.InShort(Measure.Requests).Should().Be(0);
    }

    [Fact]
    public void MoveTo_PastTheLongWindow_HoldsNothing()
    {
        var trail = new SpendTrail(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5));
        trail.Add(Start, Amount(7));
        trail.MoveTo(Start);

        trail.MoveTo(Start.AddHours(2));

        trail.IsEmpty.Should().BeTrue();
        trail.InLong(Measure.Usd).Should().Be(0);
    }

    [Theory]
    [InlineData(10, 2, 0)]
    [InlineData(60, 5, 0)]
    [InlineData(60, 5, 90)]
    [InlineData(360, 30, 290)]
    public void Sums_ManyMoments_DifferFromTheNaiveModel_ByAStretchAtEachEdge(int longMinutes, int shortMinutes, int fromFuture)
    {
        var (longWindow, shortWindow) = (TimeSpan.FromMinutes(longMinutes), TimeSpan.FromMinutes(shortMinutes));
        Gen.Select(Gen.Int[1, 4_000], Gen.Int[-400, fromFuture], Gen.Int[1, 1_000]).Array[2_000, 4_000].Sample(
            steps =>
            {
                var trail = new SpendTrail(longWindow, shortWindow);
                var model = new TestTrail(longWindow, shortWindow);
                var t = Start;
                foreach (var (forward, offset, amount) in steps)
                {
                    t = t.AddMilliseconds(forward * longMinutes / 30.0);
                    trail.Add(t.AddSeconds(offset), Amount(amount));
                    model.Add(t.AddSeconds(offset), amount);
                    trail.MoveTo(t);
                    model.MoveTo(t);
                    trail.Count.Should().BeLessThanOrEqualTo(SpendTrail.MostExact + 200);
                }

                trail.InShort(Measure.Usd).Should().BeInRange(
                    model.In(shortWindow * 0.99, shortWindow * 0.01), model.In(shortWindow * 1.01, -shortWindow * 0.01));
                trail.InLong(Measure.Usd).Should().BeInRange(
                    model.In(longWindow * 0.99, shortWindow * 0.01), model.In(longWindow * 1.01, -shortWindow * 0.01));
            },
            iter: 10, threads: 1);
    }

    [Fact]
    public void Sums_SteadySpend_AreWithinAThousandth()
    {
        var trail = new SpendTrail(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5));
        for (var i = 0; i < 200_000; i++)
        {
            trail.Add(Start.AddMilliseconds(i * 50), Amount(1_000));
            trail.MoveTo(Start.AddMilliseconds(i * 50));
        }

        trail.InLong(Measure.Usd).Should().BeInRange(72_000_000 - 72_000, 72_000_000 + 72_000);
        trail.InShort(Measure.Usd).Should().BeInRange(6_000_000 - 6_000, 6_000_000 + 6_000);
        trail.Count.Should().BeLessThan(300);
    }

    [Fact]
    public void Add_NegativeAmount_OfAMomentAmongMany_TakesItBack()
    {
        var trail = new SpendTrail(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5));
        for (var i = 0; i < 3_000; i++)
        {
            trail.Add(Start.AddSeconds(i), Amount(10));
            trail.MoveTo(Start.AddSeconds(i));
        }

        for (var i = 0; i < 3_000; i++)
        {
            trail.Add(Start.AddSeconds(i), -Amount(10));
        }

        trail.InLong(Measure.Usd).Should().Be(0);
        trail.InShort(Measure.Usd).Should().Be(0);
        trail.InLong(Measure.Requests).Should().Be(0);
    }

    private static WindowSums Amount(long nano) => new(new Usd(nano), default, default, 1, 2, 0);

    /// <summary>Keeps every amount and sums them all again at each question.</summary>
    private sealed class TestTrail(TimeSpan longWindow, TimeSpan shortWindow)
    {
        private readonly List<(DateTimeOffset At, long Nano)> _all = [];
        private DateTimeOffset _t = DateTimeOffset.MinValue;

        public long InLong => Within(longWindow).Sum(each => each.Nano);

        public long InShort => Within(shortWindow).Sum(each => each.Nano);

        public long RequestsInLong => Within(longWindow).Count();

        /// <summary>What lies in the last of a window, less what lies in the last of another.</summary>
        public long In(TimeSpan w, TimeSpan less) => _all.Where(each => each.At > _t - w && each.At <= _t - less).Sum(each => each.Nano);

        public void Add(DateTimeOffset at, long nano) => _all.Add((at, nano));

        public void MoveTo(DateTimeOffset t) => _t = t > _t ? t : _t;

        private IEnumerable<(DateTimeOffset At, long Nano)> Within(TimeSpan w) =>
            _all.Where(each => each.At > _t - w && each.At <= _t);
    }
}
