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

    private static WindowSums Amount(long nano) => new(new Usd(nano), default, default, 1, 2, 0);

    /// <summary>Keeps every amount and sums them all again at each question.</summary>
    private sealed class TestTrail(TimeSpan longWindow, TimeSpan shortWindow)
    {
        private readonly List<(DateTimeOffset At, long Nano)> _all = [];
        private DateTimeOffset _t = DateTimeOffset.MinValue;

        public long InLong => Within(longWindow).Sum(each => each.Nano);

        public long InShort => Within(shortWindow).Sum(each => each.Nano);

        public long RequestsInLong => Within(longWindow).Count();

        public void Add(DateTimeOffset at, long nano) => _all.Add((at, nano));

        public void MoveTo(DateTimeOffset t) => _t = t > _t ? t : _t;

        private IEnumerable<(DateTimeOffset At, long Nano)> Within(TimeSpan w) =>
            _all.Where(each => each.At > _t - w && each.At <= _t);
    }
}
