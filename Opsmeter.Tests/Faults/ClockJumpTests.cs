using System.Globalization;
using AwesomeAssertions;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Core.Budgets;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Xunit;

namespace Opsmeter.Tests.Faults;

/// <summary>A machine's clock that is set wrong for a while, and then right again.</summary>
public sealed class ClockJumpTests
{
    private const string Second = "0.00:00:01";
    private const string Year = "400.00:00:00";

    [Theory(Timeout = 60_000)]
    [InlineData("-" + Second, 12, 12)]
    [InlineData(Second, 12, 12)]
    [InlineData("-" + Year, 11, 11)]
    [InlineData(Year, 11, 12)]
    public async Task Clock_ThatJumpsAndComesBack_CountsEachRequestOnce_AndTellsEachThingOnce(string jump, int ofToday, int ofAnyDay)
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        (await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("limitUsd", 1)))).Status.Should().Be(201);
        await CountAsync(client, "before", 9);

        Set(opsmeter, TimeSpan.Parse(jump, CultureInfo.InvariantCulture));
        await CountAsync(client, "during", 1);
        Set(opsmeter, TimeSpan.Zero);
        await CountAsync(client, "after", 2);

        (await opsmeter.LedgerAsync(db => db.Requests.CountAsync(TestContext.Current.CancellationToken))).Should().Be(12);
        var today = (await client.ReadAsync("/v1/budgets/state"))["items"][0];
        today.GetProperty("requests").GetInt32().Should().Be(ofToday);
        (await opsmeter.LedgerAsync(db => db.Meters.SumAsync(meter => meter.Requests))).Should().Be(ofAnyDay, "each counts in one window, of those since the budget was made");
        (await opsmeter.LedgerAsync(db => db.Transitions.OrderBy(row => row.Id).Select(row => row.ToState).ToArrayAsync()))
            .Should().Equal((int)BudgetState.Warning, (int)BudgetState.Exceeded);
        (await opsmeter.LedgerAsync(db => db.Alerts.CountAsync(TestContext.Current.CancellationToken))).Should().Be(2);
    }

    // The loops that look once a second go on whatever the clock says.
    private static void Set(TestOpsmeter opsmeter, TimeSpan ahead)
    {
        opsmeter.Clock!.SetAhead = ahead;
        opsmeter.Clock.Advance(TimeSpan.FromSeconds(5));
    }

    private static async Task CountAsync(HttpClient client, string when, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            await client.CountAsync(PolicyOpsmeter.Row($"{when}_{row}"));
        }
    }
}
