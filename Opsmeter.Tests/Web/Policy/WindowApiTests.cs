using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AwesomeAssertions;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Policy;
using Xunit;

namespace Opsmeter.Tests.Web.Policy;

/// <summary>Windows as a caller sees them: blocked until the second that the answer names, in the zone's own offset, and free from then on.</summary>
public sealed class WindowApiTests
{
    private const string Endpoint = "agents.plan";

    // now, zone, window, and when it ends, all worked out by hand from the zones' rules.
    private static readonly (string Now, string Zone, string Window, string End)[] Ends =
    [
        // Days: an ordinary one, 23 hours, 25 hours, 23.5 hours, one whose midnight does not exist, and zones off the hour.
        ("2026-11-23T14:00:00Z", "UTC", """{"kind":"day"}""", "2026-11-24T00:00:00+00:00"),
        ("2026-03-28T23:30:00Z", "Europe/Berlin", """{"kind":"day"}""", "2026-03-30T00:00:00+02:00"),
        ("2026-10-24T22:30:00Z", "Europe/Berlin", """{"kind":"day"}""", "2026-10-26T00:00:00+01:00"),
        ("2026-10-03T14:00:00Z", "Australia/Lord_Howe", """{"kind":"day"}""", "2026-10-05T00:00:00+11:00"),
        ("2026-09-05T12:00:00Z", "America/Santiago", """{"kind":"day"}""", "2026-09-06T01:00:00-03:00"),
        ("2026-11-23T18:29:00Z", "Asia/Kolkata", """{"kind":"day"}""", "2026-11-24T00:00:00+05:30"),
        ("2026-11-23T18:15:00Z", "Asia/Kathmandu", """{"kind":"day"}""", "2026-11-25T00:00:00+05:45"),

        // An hour is an hour of UTC in every zone, the one that is gone through twice too.
        ("2026-11-23T10:10:00Z", "Asia/Kolkata", """{"kind":"hour"}""", "2026-11-23T16:30:00+05:30"),
        ("2026-10-25T00:30:00Z", "Europe/Berlin", """{"kind":"hour"}""", "2026-10-25T02:00:00+01:00"),
        ("2026-10-25T01:30:00Z", "Europe/Berlin", """{"kind":"hour"}""", "2026-10-25T03:00:00+01:00"),

        // Weeks: from the first day that was chosen, over a change of the clock.
        ("2026-11-22T22:59:00Z", "Europe/Berlin", """{"kind":"week"}""", "2026-11-23T00:00:00+01:00"),
        ("2026-11-22T22:59:00Z", "Europe/Berlin", """{"kind":"week","weekStartsOn":"sunday"}""", "2026-11-29T00:00:00+01:00"),
        ("2026-11-22T23:00:00Z", "Europe/Berlin", """{"kind":"week","weekStartsOn":"saturday"}""", "2026-11-28T00:00:00+01:00"),
        ("2026-03-27T12:00:00Z", "America/New_York", """{"kind":"week","weekStartsOn":"sunday"}""", "2026-03-29T00:00:00-04:00"),
        ("2026-03-05T12:00:00Z", "America/New_York", """{"kind":"week"}""", "2026-03-09T00:00:00-04:00"),

        // Months: their last evening, the shortest one with and without its 29th, and an anchor on a day that loses an hour.
        ("2026-02-01T04:59:00Z", "America/New_York", """{"kind":"month"}""", "2026-02-01T00:00:00-05:00"),
        ("2026-02-01T05:00:00Z", "America/New_York", """{"kind":"month"}""", "2026-03-01T00:00:00-05:00"),
        ("2027-02-28T12:00:00Z", "UTC", """{"kind":"month"}""", "2027-03-01T00:00:00+00:00"),
        ("2028-02-28T12:00:00Z", "UTC", """{"kind":"month"}""", "2028-03-01T00:00:00+00:00"),
        ("2027-02-27T12:00:00Z", "UTC", """{"kind":"month","anchorDay":28}""", "2027-02-28T00:00:00+00:00"),
        ("2027-02-28T00:00:00Z", "UTC", """{"kind":"month","anchorDay":28}""", "2027-03-28T00:00:00+00:00"),
        ("2027-03-27T22:30:00Z", "Europe/Berlin", """{"kind":"month","anchorDay":28}""", "2027-03-28T00:00:00+01:00"),
        ("2027-03-27T23:30:00Z", "Europe/Berlin", """{"kind":"month","anchorDay":28}""", "2027-04-28T00:00:00+02:00"),
        ("2026-12-31T23:30:00Z", "Europe/Berlin", """{"kind":"month","anchorDay":15}""", "2027-01-15T00:00:00+01:00"),

        // Quarters and years.
        ("2026-03-31T21:59:00Z", "Europe/Berlin", """{"kind":"quarter"}""", "2026-04-01T00:00:00+02:00"),
        ("2026-12-31T23:30:00Z", "Europe/Berlin", """{"kind":"quarter"}""", "2027-04-01T00:00:00+02:00"),
        ("2026-12-31T23:30:00Z", "UTC", """{"kind":"year"}""", "2027-01-01T00:00:00+00:00"),
        ("2026-12-31T23:30:00Z", "Europe/Berlin", """{"kind":"year"}""", "2028-01-01T00:00:00+01:00"),
    ];

    // All on one server, whose clock goes once through the years: each budget has an endpoint of its own.
    [Fact]
    public async Task Blocked_UntilTheEndOfTheWindow_AndNotASecondLonger()
    {
        await using var opsmeter = await StartAsync("2025-12-01T00:00:00Z");
        using var client = await opsmeter.ClientAsync();
        var said = new List<string>();
        var moments = Ends.SelectMany((each, number) => new (DateTimeOffset At, Func<Task> Do)[]
        {
            (PolicyOpsmeter.Instant(each.Now), () => BlockAsync(number)),
            (PolicyOpsmeter.Instant(each.End).AddSeconds(-1), () => AskAsync(number)),
            (PolicyOpsmeter.Instant(each.End), () => AskAsync(number)),
        });

        foreach (var (at, act) in moments.OrderBy(moment => moment.At))
        {
            opsmeter.Clock!.SetUtcNow(at);
            await act();
        }

        string.Join('\n', said.Order(StringComparer.Ordinal)).Should().Be(string.Join('\n', Ends.SelectMany((each, number) => new[]
        {
            $"{number:00} 1 block until {each.End}, begun {each.Now} in time", $"{number:00} 2 block until {each.End}", $"{number:00} 3 allow, begun {each.End}",
        })));
        return;

        async Task BlockAsync(int number)
        {
            var (now, zone, window, _) = Ends[number];
            await BudgetAsync(client, zone, window, endpoint: $"case.{number}");
            await SpendAsync(opsmeter, client, $"case_{number}", 1.2m, endpoint: $"case.{number}");
            var (action, resetsAt) = await DecideAsync(client, $"case.{number}");
            var start = await StartOfAsync(number);
            said.Add($"{number:00} 1 {action} until {resetsAt}, begun {now} {(start <= PolicyOpsmeter.Instant(now) ? "in time" : "too late")}");
        }

        async Task AskAsync(int number)
        {
            var (action, resetsAt) = await DecideAsync(client, $"case.{number}");
            said.Add(action == "block"
                ? $"{number:00} 2 block until {resetsAt}"
                : $"{number:00} 3 {action}, begun {(await StartOfAsync(number) == PolicyOpsmeter.Instant(Ends[number].End) ? Ends[number].End : "elsewhere")}");
        }

        async Task<DateTimeOffset> StartOfAsync(int number) => (await client.ReadAsync("/v1/budgets/state"))["items"].EnumerateArray()
            .Single(item => item.GetProperty("name").GetString() == $"case.{number}").GetProperty("windowStart").GetDateTimeOffset();
    }

    [Fact]
    public async Task Blocked_Total_NeverResets()
    {
        await using var opsmeter = await StartAsync("2026-11-23T14:00:00Z");
        using var client = await opsmeter.ClientAsync();
        await BudgetAsync(client, "Europe/Berlin", """{"kind":"total"}""");
        await SpendAsync(opsmeter, client, "first", 1.2m);

        opsmeter.Clock!.Advance(TimeSpan.FromDays(800));

        (await DecideAsync(client)).Should().Be(("block", null));
    }

    [Fact]
    public async Task Window_WithoutAZoneOrAFirstDay_HasTheWorkspaces()
    {
        await using var opsmeter = await StartAsync("2026-10-24T12:00:00Z");
        using var client = await opsmeter.ClientAsync();
        (await client.SendAsync(HttpMethod.Put, "/v1/settings", """{"timeZone":"Europe/Berlin","weekStartsOn":"sunday"}""")).Status.Should().Be(200);
        (await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("limitUsd", 1), ("cap", "hard"), ("window", JsonNode.Parse("""{"kind":"week"}"""))))).Status.Should().Be(201);
        await SpendAsync(opsmeter, client, "first", 1.2m);

        (await DecideAsync(client)).Should().Be(("block", "2026-10-25T00:00:00+02:00"));
    }

    // The days of the change, hour by hour: what is spent in each is in the day that it belongs to, and the days together are all.
    [Theory]
    [InlineData("2026-03-28T23:00:00Z", 23)]
    [InlineData("2026-10-24T22:00:00Z", 25)]
    public async Task Day_OfAnotherLength_HoldsEachOfItsHours(string start, int hours)
    {
        await using var opsmeter = await StartAsync(start);
        using var client = await opsmeter.ClientAsync();
        await BudgetAsync(client, "Europe/Berlin", """{"kind":"day"}""", limit: 1000);
        for (var hour = 0; hour < hours; hour++)
        {
            await SpendAsync(opsmeter, client, $"hour_{hour}", 0.5m);
            opsmeter.Clock!.Advance(TimeSpan.FromHours(1) - (hour == hours - 1 ? TimeSpan.FromMilliseconds(1) : TimeSpan.Zero));
        }

        (await client.SpentAsync()).Should().Be(0.5m * hours);
        opsmeter.Clock!.Advance(TimeSpan.FromMilliseconds(1));
        (await client.SpentAsync()).Should().Be(0);
    }

    [Fact]
    public async Task Late_AcrossTheMonthsEnd_CountsInItsOwnMonthAndMovesNoDecision()
    {
        await using var opsmeter = await StartAsync("2026-02-27T12:00:00Z");
        using var client = await opsmeter.ClientAsync();
        var path = await BudgetAsync(client, "America/New_York", """{"kind":"month"}""");
        await SpendAsync(opsmeter, client, "february", 0.5m);
        opsmeter.Clock!.SetUtcNow(PolicyOpsmeter.Instant("2026-03-01T05:30:00Z"));
        await SpendAsync(opsmeter, client, "march", 0.25m);

        await SpendAsync(opsmeter, client, "late", 0.75m, "2026-03-01T04:59:59Z");

        (await client.SpentAsync()).Should().Be(0.25m);
        (await DecideAsync(client)).Should().Be(("allow", "2026-04-01T00:00:00-04:00"));
        var last = (await client.ReadAsync(path + "/transitions"))["items"][0];
        (last.GetProperty("cause").GetString(), last.GetProperty("to").GetString(), last.GetProperty("spentUsd").GetDecimal())
            .Should().Be(("late", "exceeded", 1.25m));
        last.GetProperty("windowEnd").GetDateTimeOffset().Should().Be(PolicyOpsmeter.Instant("2026-03-01T05:00:00Z"));
    }

    private static async Task<TestOpsmeter> StartAsync(string now)
    {
        // What looks every second would be woken for each of two years.
        var opsmeter = new TestOpsmeter(now: PolicyOpsmeter.Instant(now))
        {
            Doubles = services => services.Remove(services.Single(service => service.ImplementationType == typeof(IncreaseEnds))),
        };
        await opsmeter.AddMemberAsync(PolicyOpsmeter.Owner);
        return opsmeter;
    }

    private static async Task<string> BudgetAsync(HttpClient client, string zone, string window, int limit = 1, string endpoint = Endpoint)
    {
        var spec = JsonNode.Parse(window)!.AsObject();
        spec["timeZone"] = zone;
        var created = await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(
            ("name", endpoint), ("limitUsd", limit), ("cap", "hard"), ("window", spec),
            ("conditions", JsonNode.Parse($$"""[{"dimension":"endpointTag","values":["{{endpoint}}"]}]"""))));
        created.Status.Should().Be(201, created.Text);
        return created.Location!;
    }

    private static Task<JsonAnswer> SpendAsync(TestOpsmeter opsmeter, HttpClient client, string id, decimal dollars, string? at = null, string endpoint = Endpoint) => client.CountAsync(
        RowText.Of(
            id, at ?? opsmeter.Clock!.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), endpoint,
            input: (long)(dollars * 4_000_000), output: 0));

    private static async Task<(string? Action, string? ResetsAt)> DecideAsync(HttpClient client, string endpoint = Endpoint)
    {
        var answer = await client.PostAsync("/v1/decisions", $$"""{"endpointTag":"{{endpoint}}"}""");
        return (answer["action"].GetString(), answer["resetsAt"] is { ValueKind: JsonValueKind.String } end ? end.GetString() : null);
    }
}
