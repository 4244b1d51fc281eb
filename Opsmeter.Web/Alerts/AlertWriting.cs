using System.Globalization;
using System.Text;
using Opsmeter.Core.Alerts;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Alerts;

/// <summary>Writes what is told of an alert: never a total alone, and never without its owner. Pure.</summary>
public static class AlertWriting
{
    private const int LongestName = 100;
    private const int MostKeys = 10;

    /// <summary>Writes a message of an alert.</summary>
    /// <param name="type">What happened.</param>
    /// <param name="alert">The alert.</param>
    /// <param name="at">When.</param>
    /// <param name="zone">The zone that times are written in.</param>
    /// <param name="link">The page that shows the window with its filters.</param>
    /// <param name="acknowledge">The link that says that someone knows, or null.</param>
    public static AlertMessage Write(MessageType type, AlertItem alert, DateTimeOffset at, TimeZoneInfo zone, Uri link, Uri? acknowledge)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return new AlertMessage
        {
            Type = type,
            At = at,
            Severity = type is MessageType.Recovered or MessageType.Closed or MessageType.Acknowledged ? MessageSeverity.Info : SeverityOf(alert.Kind),
            Title = Title(type, alert),
            Facts = [.. Facts(type, alert, zone)],
            Lists = [.. Lists(alert)],
            Link = link,
            AcknowledgeLink = acknowledge,
            DedupKey = "opsmeter~" + alert.Id,
            Alert = alert,
        };
    }

    /// <summary>A kind of alert in words that follow a budget's name.</summary>
    public static string Words(AlertKind kind) => kind switch
    {
        AlertKind.Threshold => "has passed a threshold",
        AlertKind.Recovered => "is within its budget again",
        AlertKind.Forecast => "is heading past its budget",
        AlertKind.BurnRate => "burns its budget fast",
        AlertKind.Warning => "has reached its warning",
        AlertKind.Degraded => "is degraded",
        AlertKind.Exceeded => "is over its limit",
        AlertKind.Blocked => "is blocked",
        AlertKind.Surge => "spends far more than usual",
        AlertKind.Drift => "costs more per request than the version before",
        AlertKind.Unpriced => "have no price",
        AlertKind.NoTraffic => "no requests have come",
    };

    /// <summary>A text of at most so many characters; what is cut ends with an ellipsis.</summary>
    public static string Cut(string text, int most)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= most)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1;
        return text[..end] + "…";
    }

    private static MessageSeverity SeverityOf(AlertKind kind) => kind switch
    {
        AlertKind.Threshold or AlertKind.Recovered => MessageSeverity.Info,
        AlertKind.Forecast or AlertKind.BurnRate or AlertKind.Warning or AlertKind.Degraded
            or AlertKind.Surge or AlertKind.Drift or AlertKind.Unpriced or AlertKind.NoTraffic => MessageSeverity.Warning,
        AlertKind.Exceeded or AlertKind.Blocked => MessageSeverity.Critical,
    };

    private static string Title(MessageType type, AlertItem alert)
    {
        var name = Cut(alert.Name, LongestName);
        var keys = alert.KeyCount > 0 ? string.Create(CultureInfo.InvariantCulture, $" for {alert.KeyCount} {(alert.KeyCount == 1 ? "key" : "keys")}") : "";
        return type switch
        {
            MessageType.Raised or MessageType.Recovered or MessageType.Test or MessageType.Digest => $"{name} {Words(type == MessageType.Recovered ? AlertKind.Recovered : alert.Kind)}{keys}: {Used(alert)}",
            MessageType.Escalated => $"Not acknowledged yet: {name} {Words(alert.Kind)}{keys}: {Used(alert)}",
            MessageType.Acknowledged => $"{name}: {alert.AcknowledgedBy} knows",
            MessageType.Closed => $"{name}: the window is over",
        };
    }

    private static IEnumerable<MessageFact> Facts(MessageType type, AlertItem alert, TimeZoneInfo zone)
    {
        if (alert.Kinds.Count > 1)
        {
            yield return new MessageFact("Told so far", string.Join(", ", alert.Kinds.Select(kind => Words(kind))));
        }

        yield return new MessageFact("Used", Used(alert));
        if (alert.BurnLong is { } burn)
        {
            yield return new MessageFact("Burn rate", string.Create(CultureInfo.InvariantCulture, $"{burn:0.#}× over the long window, {alert.BurnShort ?? 0:0.#}× over the short"));
        }

        if (alert.ForecastUsd is { } forecast)
        {
            yield return new MessageFact("Forecast for the window's end", Dollars(forecast));
        }

        yield return new MessageFact("Window", alert.WindowEnd is { } end ? $"{When(alert.WindowStart, zone)} – {When(end, zone)}" : $"since {When(alert.WindowStart, zone)}");
        yield return new MessageFact("Owner", alert.Owner);
        if (type == MessageType.Acknowledged && alert.Outcome is { } outcome)
        {
            yield return new MessageFact("Outcome", outcome);
        }
    }

    private static IEnumerable<MessageList> Lists(AlertItem alert)
    {
        if (alert.Keys.Count > 0)
        {
            var lines = alert.Keys.Take(MostKeys).Select(key => $"{Cut(key.Key, LongestName)}: {Amount(key.Used, alert.Measure)} of {Amount(key.Limit, alert.Measure)}").ToList();
            if (alert.KeyCount > lines.Count)
            {
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"and {alert.KeyCount - lines.Count} more"));
            }

            yield return new MessageList("Furthest past their limits", lines);
        }

        if (alert.Concentration is { } behind)
        {
            yield return new MessageList("Endpoints behind it", [.. behind.Endpoints.Select(Part)]);
            yield return new MessageList(behind.TenantsBy == Dimension.TenantId ? "Tenants behind it" : "Users behind it", [.. behind.Tenants.Select(Part)]);
            if (behind.NewVersions.Count > 0)
            {
                yield return new MessageList("Prompt versions new in this window", [.. behind.NewVersions.Select(version => Cut(version, LongestName))]);
            }
        }
    }

    private static string Part(AlertPart part)
    {
        var text = new StringBuilder(part.Value is { } value ? Cut(value, LongestName) : "not named");
        text.Append(CultureInfo.InvariantCulture, $": {Dollars(part.CostUsd)}, {part.Share * 100:0}%");
        var change = Math.Abs(part.ChangeUsd);
        return text.Append(part.ChangeUsd == 0 ? ", as a week before" : $", {Dollars(change)} {(part.ChangeUsd > 0 ? "more" : "less")} than a week before").ToString();
    }

    private static string Used(AlertItem alert) => alert.Kind switch
    {
        AlertKind.Surge => $"{Dollars(alert.Used)} where {Dollars(alert.Limit)} is usual",
        AlertKind.Drift => $"{Dollars(alert.Used)} a request, {Dollars(alert.Limit)} before",
        AlertKind.Unpriced => string.Create(CultureInfo.InvariantCulture, $"{alert.Used:#,##0} of {alert.Limit:#,##0} requests in the last hour"),
        AlertKind.NoTraffic => $"none in the last hour, {Dollars(alert.Limit)} is usual",
        AlertKind.Threshold or AlertKind.Recovered or AlertKind.Forecast or AlertKind.BurnRate or AlertKind.Warning or AlertKind.Degraded or AlertKind.Exceeded or AlertKind.Blocked =>
            $"{Amount(alert.Used, alert.Measure)} of {Amount(alert.Limit, alert.Measure)}",
    };

    private static string Amount(decimal amount, Measure measure) => measure switch
    {
        Measure.Usd => Dollars(amount),
        Measure.Requests => amount.ToString("#,##0 requests", CultureInfo.InvariantCulture),
        Measure.Tokens => amount.ToString("#,##0 tokens", CultureInfo.InvariantCulture),
    };

    private static string Dollars(decimal amount) => "$" + amount.ToString(amount is >= 1 or 0 ? "#,##0.00" : amount >= 0.01m ? "0.00##" : "0.00####", CultureInfo.InvariantCulture);

    private static string When(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString("ddd d MMM yyyy, HH:mm zzz", CultureInfo.InvariantCulture);
}
