using System.Globalization;

namespace Opsmeter.Core.Decisions;

/// <summary>The text that a blocked end user reads. It never carries an amount, a budget's name or an id.</summary>
public static class BlockMessage
{
    private const string BuiltIn = "This feature is paused until {resetsAt}. Please try again then.";
    private const string BuiltInForEver = "This feature is paused for now. Please try again later.";

    /// <summary>Fills in <c>{resetsAt}</c> and <c>{resetsIn}</c>.</summary>
    /// <param name="template">The text of the budget or tier, or null for the built-in one.</param>
    /// <param name="resetsAt">When the block ends, or null where it does not end by itself.</param>
    /// <param name="now">The server's clock.</param>
    /// <param name="zone">The workspace's zone.</param>
    public static string Fill(string? template, DateTimeOffset? resetsAt, DateTimeOffset now, TimeZoneInfo zone)
    {
        template ??= resetsAt is null ? BuiltInForEver : BuiltIn;
        return template
            .Replace("{resetsAt}", resetsAt is { } at ? Moment(at, now, zone) : "further notice", StringComparison.Ordinal)
            .Replace("{resetsIn}", resetsAt is { } end ? Span(end - now) : "some time", StringComparison.Ordinal);
    }

    private static string Moment(DateTimeOffset at, DateTimeOffset now, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        var sameDay = local.Date == TimeZoneInfo.ConvertTime(now, zone).Date;
        return local.ToString(sameDay ? "HH:mm" : "d MMM, HH:mm", CultureInfo.InvariantCulture);
    }

    private static string Span(TimeSpan left)
    {
        var minutes = Math.Max(1, (long)Math.Ceiling(left.TotalMinutes));
        return minutes switch
        {
            < 60 => $"{minutes} min",
            < 24 * 60 when minutes % 60 == 0 => $"{minutes / 60} h",
            < 24 * 60 => $"{minutes / 60} h {minutes % 60} min",
            _ => $"{(minutes + (24 * 60) - 1) / (24 * 60)} days",
        };
    }
}
