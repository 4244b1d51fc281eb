using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Demo;
using Xunit;

namespace Opsmeter.Tests.Web.Demo;

public sealed class DemoTrickleTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 16, 30, 0, TimeSpan.Zero);
    private static readonly Usd Limit = Usd.FromDollars(40m);

    [Fact]
    public void Next_ThreeMinutes_DrivesTheBudgetThroughItsStates()
    {
        var (requests, spends) = Run(180);

        spends[30].Should().BeLessThan(0.8m);
        spends[61].Should().BeInRange(0.8m, 0.85m);
        spends[119].Should().BeGreaterThan(1m);
        spends[^1].Should().BeInRange(1.1m, 1.13m);
        requests.Where(request => request.EndpointTag == DemoCompany.Runaway)
            .Should().OnlyContain(request => request.Model == "gpt-5" && request.PromptVersion == DemoCompany.LiveVersion);
    }

    [Fact]
    public void Next_UsualTraffic_IsTwoASecondAndCheap()
    {
        var usual = Run(180).Requests.Where(request => request.EndpointTag != DemoCompany.Runaway).ToList();

        usual.Should().HaveCount(360);
        usual.Sum(request => PriceBook.BuiltIn.Price(request).Cost?.Dollars ?? 0).Should().BeLessThan(2m);
        usual.Select(request => request.TenantId).Distinct().Count().Should().BeGreaterThan(50);
    }

    [Fact]
    public void Next_Requests_AreInOrderWithIdsOfTheirOwn()
    {
        var requests = Run(60).Requests;

        requests.Select(request => request.ExternalRequestId).Should().OnlyHaveUniqueItems().And.BeInAscendingOrder(StringComparer.Ordinal);
        requests.Should().BeInAscendingOrder(request => request.OccurredAt);
        requests.Should().OnlyContain(request => request.OccurredAt > Start && request.OccurredAt <= Start.AddSeconds(60));
        Trickle(Start.AddSeconds(5)).Next(Start.AddSeconds(6), Usd.Zero).Select(request => request.ExternalRequestId)
            .Should().NotIntersectWith(requests.Select(request => request.ExternalRequestId));
    }

    [Fact]
    public void Next_SameQuestions_GivesTheSameRequests() => Run(30).Requests.Should().Equal(Run(30).Requests);

    [Fact]
    public void Next_AfterALongPause_CatchesUpWithHalfAMinuteAtMost()
    {
        var requests = Trickle(Start).Next(Start.AddHours(1), Limit + Limit);

        requests.Should().HaveCount(60);
        requests.Should().OnlyContain(request => request.OccurredAt > Start.AddHours(1).AddSeconds(-31));
    }

    [Fact]
    public void Next_ClockGoesBack_GivesNothing()
    {
        var trickle = Trickle(Start);
        trickle.Next(Start.AddSeconds(10), Usd.Zero);

        trickle.Next(Start.AddSeconds(9), Usd.Zero).Should().BeEmpty();
    }

    private static DemoTrickle Trickle(DateTimeOffset startedAt) => new(7, startedAt, Usd.FromDollars(10m), Limit);

    private static (List<LlmRequest> Requests, List<decimal> Use) Run(int seconds)
    {
        var trickle = Trickle(Start);
        var spent = Usd.FromDollars(10m);
        var requests = new List<LlmRequest>();
        var use = new List<decimal>();
        for (var second = 1; second <= seconds; second++)
        {
            foreach (var request in trickle.Next(Start.AddSeconds(second), spent))
            {
                requests.Add(request);
                spent += request.EndpointTag == DemoCompany.Runaway ? PriceBook.BuiltIn.Price(request).Cost!.Value : Usd.Zero;
            }

            use.Add(spent.Dollars / Limit.Dollars);
        }

        return (requests, use);
    }
}
