using System.Text.Json;
using System.Text.Json.Nodes;
using Opsmeter.Core;
using Opsmeter.Core.Analysis;

namespace Opsmeter.Web.Reports;

/// <summary>Spikes and changes as the API writes them; money in dollars, exact where it was spent and not estimated.</summary>
internal static class AnalysisAnswer
{
    public static JsonObject Of(SpendQuery query, IReadOnlyList<SpikeReport> spikes)
    {
        var answer = Range(query);
        answer["spikes"] = new JsonArray([.. spikes.Select(report => (JsonNode)new JsonObject
        {
            ["start"] = Local(query, report.Spike.Window.Start),
            ["end"] = Local(query, report.Spike.Window.End),
            ["costUsd"] = report.Spike.Cost.Dollars,
            ["baselineUsd"] = report.Spike.Baseline.Dollars,
            ["score"] = Math.Round(report.Spike.Score, 2),
            ["drivers"] = new JsonArray([.. report.Drivers.Select(entry => (JsonNode)new JsonObject
            {
                ["dimension"] = JsonNamingPolicy.CamelCase.ConvertName(entry.Dimension.ToString()),
                ["value"] = entry.Driver.Value,
                ["costUsd"] = entry.Driver.Cost.Dollars,
                ["changeUsd"] = entry.Driver.Change.Dollars,
                ["shareOfIncrease"] = Math.Round(entry.Driver.ShareOfIncrease, 4),
            })]),
        })]);
        return answer;
    }

    public static JsonObject Of(SpendQuery query, TimeWindow before, SpendChange change)
    {
        var answer = Range(query);
        answer["previous"] = new JsonObject { ["from"] = Local(query, before.Start), ["to"] = Local(query, before.End), ["costUsd"] = change.Before.Dollars };
        answer["costUsd"] = change.After.Dollars;
        answer["changeUsd"] = change.Change.Dollars;
        answer["volume"] = change.Volume.Dollars;
        answer["mix"] = change.Mix.Dollars;
        answer["tokensPerRequest"] = change.TokensPerRequest.Dollars;
        answer["unitPrice"] = change.UnitPrice.Dollars;
        answer["newcomers"] = change.Newcomers.Dollars;
        return answer;
    }

    private static JsonObject Range(SpendQuery query) => new()
    {
        ["from"] = Local(query, query.Range.Start), ["to"] = Local(query, query.Range.End), ["timeZone"] = query.TimeZone,
    };

    private static DateTimeOffset Local(SpendQuery query, DateTimeOffset moment) =>
        TimeZoneInfo.ConvertTime(moment, TimeZoneInfo.FindSystemTimeZoneById(query.TimeZone));
}
