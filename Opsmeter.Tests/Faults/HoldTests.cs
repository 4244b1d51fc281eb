using System.Globalization;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Decisions;
using Xunit;

namespace Opsmeter.Tests.Faults;

/// <summary>
/// Five hundred callers at once against one hard cap. OPSMETER_HOLD_TRIALS sets how many times; 200 is the long run.
/// </summary>
public sealed class HoldTests(ITestOutputHelper output)
{
    private const int Callers = 500;
    private const decimal Limit = 100;

    private static int Trials => int.TryParse(Environment.GetEnvironmentVariable("OPSMETER_HOLD_TRIALS"), CultureInfo.InvariantCulture, out var trials) ? trials : 6;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Callers_AllAtOnce_NeverPassTheCapAndAreNeverRefusedWhileThereIsRoom(bool exceeds)
    {
        var (spent, over, blocked) = (0m, 0m, 0);
        for (var trial = 0; trial < Trials; trial++)
        {
            await using var opsmeter = new TestOpsmeter();
            await opsmeter.AddMemberAsync("lead@example.com");
            using var client = await HoldApiTests.WithBudgetAsync(opsmeter, ("limitUsd", Limit), ("window", System.Text.Json.Nodes.JsonNode.Parse("""{"kind":"total"}""")));
            var calls = new HoldTrial(trial, Callers, exceeds);

            await calls.RunAsync(client);

            var state = (await client.ReadAsync("/v1/budgets/state"))["items"].EnumerateArray().Single();
            state.GetProperty("spentUsd").GetDecimal().Should().Be(calls.Spent);
            state.GetProperty("heldUsd").GetDecimal().Should().Be(0);
            calls.Spent.Should().BeLessThanOrEqualTo(Limit + calls.Over, $"trial {trial}");
            calls.FalseBlocks(Limit).Should().BeEmpty($"trial {trial}");
            calls.Calls.Should().Contain(call => call.IsBlocked).And.HaveCount(Callers);
            (spent, over, blocked) = (spent + calls.Spent, over + calls.Over, blocked + calls.Calls.Count(call => call.IsBlocked));
        }

        output.WriteLine($"{Trials} trials: ${spent:N2} of ${Limit * Trials:N2} spent, ${over:N2} past the estimates, {blocked:N0} refused");
    }

    [Fact]
    public async Task Callers_ReportAfterTheirHoldsExpired_NeverPassTheCap()
    {
        const decimal limit = 40;
        await using var opsmeter = new TestOpsmeter(now: new DateTimeOffset(2026, 11, 23, 14, 0, 0, TimeSpan.Zero));
        await opsmeter.AddMemberAsync("lead@example.com");
        using var client = await HoldApiTests.WithBudgetAsync(opsmeter, ("limitUsd", limit), ("window", System.Text.Json.Nodes.JsonNode.Parse("""{"kind":"total"}""")));
        var calls = new HoldTrial(seed: 5, callers: 300, exceeds: false);
        var asked = 0;
        foreach (var call in calls.Plan())
        {
            call.Take((await client.PostAsync("/v1/decisions", call.Question)).Body, 0);
            if (!call.IsBlocked)
            {
                calls.Keep(call);
            }

            if (++asked % 100 == 0)
            {
                opsmeter.Clock!.Advance(TimeSpan.FromHours(2));
            }
        }

        foreach (var call in calls.Calls)
        {
            await HoldTrial.ReportAsync(client, call);
        }

        calls.Spent.Should().BeInRange(limit * 0.4m, limit);
    }

    [Fact]
    public async Task Kill_WithOpenHolds_TheyAreThereAfterwardsAndTheCapHolds()
    {
        using var folder = new TestFolder();
        var calls = new HoldTrial(seed: 77, callers: 400, exceeds: false);
        var plan = calls.Plan();
        await using (var first = await OpsmeterProcess.StartAsync(folder.Path, OpsmeterProcess.UsualSettings))
        {
            using var client = first.Client();
            (await client.PostAsync("/v1/budgets", Budget)).Status.Should().Be(201);
        }

        var next = 0;
        for (var cycle = 0; cycle < 4; cycle++)
        {
            await using var victim = await OpsmeterProcess.StartAsync(folder.Path, OpsmeterProcess.UsualSettings);
            using var client = victim.Client();
            var asking = plan.Skip(next).Take(100).Select(call => Task.Run(() => calls.OneAsync(client, call))).ToArray();
            next += 100;
            await Task.WhenAny(Task.WhenAll(asking.Take(30 + (20 * cycle))).ContinueWith(_ => { }, TaskScheduler.Default), Task.WhenAll(asking).ContinueWith(_ => { }, TaskScheduler.Default));
            victim.Kill();
            await Task.WhenAll(asking.Select(task => task.ContinueWith(_ => { }, TaskScheduler.Default)));
        }

        await using var last = await OpsmeterProcess.StartAsync(folder.Path, OpsmeterProcess.UsualSettings);
        using var later = last.Client();
        var open = calls.Calls.Where(call => call is { IsBlocked: false, IsReported: false }).ToArray();
        var before = (await later.ReadAsync("/v1/budgets/state"))["items"].EnumerateArray().Single();
        var held = before.GetProperty("heldUsd").GetDecimal();
        (before.GetProperty("spentUsd").GetDecimal() + held).Should().BeLessThanOrEqualTo(Limit);
        foreach (var call in open)
        {
            await HoldTrial.ReportAsync(later, call);
        }

        var after = (await later.ReadAsync("/v1/budgets/state"))["items"].EnumerateArray().Single();
        output.WriteLine($"{calls.Calls.Count} answered, {open.Length} open at the end, ${held:N2} held, ${after.GetProperty("spentUsd").GetDecimal():N2} spent");
        after.GetProperty("spentUsd").GetDecimal().Should().BeLessThanOrEqualTo(Limit).And.BeGreaterThanOrEqualTo(calls.Spent);
        calls.Calls.Should().Contain(call => call.IsBlocked);
    }

    private static string Budget => $$"""
        {"name":"Agents","limitUsd":{{Limit}},"cap":"hard","confirmation":{"mode":"immediate"},"window":{"kind":"total"},
         "owner":"{{OpsmeterProcess.UsualSettings["Setup__AdminEmail"]}}","escalation":"default"}
        """;
}
