using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Alerts;

/// <summary>
/// A message as each kind of channel takes it. Names that apps report are written as plain text everywhere, so that none
/// of them becomes a link, a mention or markup. Pure.
/// </summary>
public static partial class MessageBodies
{
    private const int SlackHeader = 150;
    private const int SlackText = 2_900;
    private const int DiscordTitle = 256;
    private const int DiscordValue = 1_000;
    private const int DiscordFields = 20;
    private const int DiscordTotal = 5_500;
    private const int TeamsLine = 600;
    private const int TeamsBytes = 20_000;
    private const int PagerdutySummary = 1_000;
    private const int MostLines = 12;

    /// <summary>JSON for programs: what happened, when, and all that is known.</summary>
    public static JsonObject Webhook(AlertMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var data = new JsonObject
        {
            ["title"] = message.Title, ["severity"] = Name(message.Severity), ["link"] = message.Link?.AbsoluteUri, ["dedupKey"] = message.DedupKey,
            ["alert"] = message.Alert is null ? null : System.Text.Json.JsonSerializer.SerializeToNode(message.Alert, DocumentJson.Options),
        };
        return new JsonObject
        {
            ["type"] = "alert." + Name(message.Type), ["timestamp"] = message.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture), ["data"] = data,
        };
    }

    /// <summary>Block Kit, with a text for notifications.</summary>
    public static JsonObject Slack(AlertMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var blocks = new JsonArray(new JsonObject { ["type"] = "header", ["text"] = Plain(message.Title, SlackHeader) });
        if (message.Facts.Count > 0)
        {
            blocks.Add(Section(string.Join('\n', message.Facts.Select(fact => $"{fact.Name}: {fact.Value}"))));
        }

        foreach (var list in message.Lists)
        {
            blocks.Add(Section($"{list.Heading}\n{string.Join('\n', list.Lines.Take(MostLines).Select(line => "• " + line))}"));
        }

        var buttons = new JsonArray();
        Button(buttons, "Open", message.Link);
        Button(buttons, "Acknowledge", message.AcknowledgeLink);
        if (buttons.Count > 0)
        {
            blocks.Add(new JsonObject { ["type"] = "actions", ["elements"] = buttons });
        }

        var fallback = AlertWriting.Cut(message.Title, SlackText).Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
        return new JsonObject { ["text"] = fallback, ["blocks"] = blocks, ["unfurl_links"] = false };

        static JsonObject Plain(string text, int most) => new() { ["type"] = "plain_text", ["text"] = AlertWriting.Cut(text, most), ["emoji"] = false };
        static JsonObject Section(string text) => new() { ["type"] = "section", ["text"] = Plain(text, SlackText) };
        static void Button(JsonArray buttons, string text, Uri? url)
        {
            if (url is not null)
            {
                buttons.Add(new JsonObject { ["type"] = "button", ["text"] = Plain(text, SlackHeader), ["url"] = url.AbsoluteUri });
            }
        }
    }

    /// <summary>An Adaptive Card for a workflow of Teams.</summary>
    public static JsonObject Teams(AlertMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var body = new JsonArray(Line(message.Title, bold: true, size: "medium"));
        foreach (var fact in message.Facts)
        {
            body.Add(Pair(fact));
        }

        foreach (var (text, isHeading) in message.Lists.SelectMany(list => list.Lines.Take(MostLines).Select(line => ("• " + line, false)).Prepend((list.Heading, true))))
        {
            body.Add(Line(text, isHeading));
        }

        // A card may be 28 KB: what does not fit is on the page.
        while (body.Count > 1 && Encoding.UTF8.GetByteCount(body.ToJsonString()) > TeamsBytes)
        {
            body.RemoveAt(body.Count - 1);
        }

        var actions = new JsonArray();
        Open(actions, "Open", message.Link);
        Open(actions, "Acknowledge", message.AcknowledgeLink);
        var card = new JsonObject
        {
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json", ["type"] = "AdaptiveCard", ["version"] = "1.4",
            ["fallbackText"] = AlertWriting.Cut(message.Title, TeamsLine), ["body"] = body, ["actions"] = actions,
        };
        return new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(new JsonObject { ["contentType"] = "application/vnd.microsoft.card.adaptive", ["contentUrl"] = null, ["content"] = card }),
        };

        // Runs of text are shown as they are; text blocks would read Markdown into them.
        static JsonObject Run(string text, bool bold, string size = "default") => new()
        {
            ["type"] = "TextRun", ["text"] = AlertWriting.Cut(text, TeamsLine), ["weight"] = bold ? "bolder" : "default", ["size"] = size,
        };
        static JsonObject Line(string text, bool bold, string size = "default") => new() { ["type"] = "RichTextBlock", ["inlines"] = new JsonArray(Run(text, bold, size)) };
        static JsonObject Pair(MessageFact fact) => new() { ["type"] = "RichTextBlock", ["inlines"] = new JsonArray(Run(fact.Name + ": ", bold: true), Run(fact.Value, bold: false)) };
        static void Open(JsonArray actions, string title, Uri? url)
        {
            if (url is not null)
            {
                actions.Add(new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = title, ["url"] = url.AbsoluteUri });
            }
        }
    }

    /// <summary>An embed of Discord that mentions nobody.</summary>
    public static JsonObject Discord(AlertMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var fields = new JsonArray();
        foreach (var fact in message.Facts.Take(DiscordFields))
        {
            fields.Add(new JsonObject { ["name"] = Literal(fact.Name, DiscordTitle), ["value"] = Literal(fact.Value, DiscordValue), ["inline"] = true });
        }

        foreach (var list in message.Lists.Take(DiscordFields - fields.Count).Where(list => list.Lines.Count > 0))
        {
            fields.Add(new JsonObject { ["name"] = Literal(list.Heading, DiscordTitle), ["value"] = Lines(list), ["inline"] = false });
        }

        // An embed may have 6,000 characters: what does not fit is on the page.
        while (fields.Count > 0 && fields.Sum(field => field!["name"]!.GetValue<string>().Length + field["value"]!.GetValue<string>().Length) > DiscordTotal)
        {
            fields.RemoveAt(fields.Count - 1);
        }

        var embed = new JsonObject
        {
            ["title"] = Literal(message.Title, DiscordTitle), ["url"] = message.Link?.AbsoluteUri, ["color"] = Colour(message.Severity), ["fields"] = fields,
            ["timestamp"] = message.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        };
        if (message.AcknowledgeLink is { } acknowledge)
        {
            embed["description"] = $"[Acknowledge]({acknowledge.AbsoluteUri})";
        }

        return new JsonObject { ["embeds"] = new JsonArray(embed), ["allowed_mentions"] = new JsonObject { ["parse"] = new JsonArray() } };

        static string Literal(string text, int most) => AlertWriting.Cut(Markup().Replace(AlertWriting.Cut(text, most / 2), @"\$0"), most);
        static string Lines(MessageList list)
        {
            var text = new StringBuilder();
            foreach (var line in list.Lines.Select(line => Literal(line, 400)).TakeWhile(line => text.Length + line.Length + 1 <= DiscordValue))
            {
                text.Append(text.Length > 0 ? "\n" : "").Append(line);
            }

            return text.ToString();
        }
    }

    /// <summary>An event of PagerDuty; null where there is nothing to trigger, acknowledge or resolve.</summary>
    public static JsonObject Pagerduty(AlertMessage message, string routingKey)
    {
        ArgumentNullException.ThrowIfNull(message);
        var action = message.Type switch
        {
            MessageType.Raised or MessageType.Escalated or MessageType.Test or MessageType.Digest => "trigger",
            MessageType.Acknowledged => "acknowledge",
            MessageType.Recovered or MessageType.Closed => "resolve",
        };
        var happened = new JsonObject { ["routing_key"] = routingKey, ["event_action"] = action, ["dedup_key"] = AlertWriting.Cut(message.DedupKey, 255) };
        if (action != "trigger")
        {
            return happened;
        }

        var details = new JsonObject();
        foreach (var fact in message.Facts)
        {
            details[fact.Name] = fact.Value;
        }

        foreach (var list in message.Lists)
        {
            details[list.Heading] = new JsonArray([.. list.Lines.Select(line => (JsonNode)line)]);
        }

        happened["payload"] = new JsonObject
        {
            ["summary"] = AlertWriting.Cut(message.Title, PagerdutySummary), ["source"] = "opsmeter", ["severity"] = Name(message.Severity),
            ["timestamp"] = message.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), ["custom_details"] = details,
        };
        happened["links"] = message.Link is { } link ? new JsonArray(new JsonObject { ["href"] = link.AbsoluteUri, ["text"] = "Open in Opsmeter" }) : new JsonArray();
        return happened;
    }

    /// <summary>Plain text, for mail.</summary>
    public static string Text(AlertMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var text = new StringBuilder(message.Title).Append("\n\n");
        foreach (var fact in message.Facts)
        {
            text.Append(fact.Name).Append(": ").Append(fact.Value).Append('\n');
        }

        foreach (var list in message.Lists)
        {
            text.Append('\n').Append(list.Heading).Append('\n');
            foreach (var line in list.Lines)
            {
                text.Append("- ").Append(line).Append('\n');
            }
        }

        text.Append(message.Link is null ? "" : $"\nOpen: {message.Link.AbsoluteUri}\n");
        return text.Append(message.AcknowledgeLink is null ? "" : $"Acknowledge: {message.AcknowledgeLink.AbsoluteUri}\n").ToString();
    }

    /// <summary>A page, for mail: tables and styles in place, as mail readers want it.</summary>
    public static string Html(AlertMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var page = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>").Append(Safe(message.Title)).Append("</title></head>")
            .Append("<body style=\"margin:0;padding:24px;background:#f4f5f7;font-family:system-ui,-apple-system,'Segoe UI',sans-serif;font-size:15px;line-height:1.5;color:#1b1f24\">")
            .Append("<table role=\"presentation\" align=\"center\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" style=\"max-width:600px;width:100%;background:#fff;border-radius:8px;border-top:4px solid #")
            .Append(Colour(message.Severity).ToString("x6", CultureInfo.InvariantCulture)).Append("\"><tr><td style=\"padding:24px\">")
            .Append("<h1 style=\"margin:0 0 16px;font-size:20px;line-height:1.3\">").Append(Safe(message.Title)).Append("</h1>")
            .Append("<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" style=\"width:100%\">");
        foreach (var fact in message.Facts)
        {
            page.Append("<tr><td style=\"padding:2px 16px 2px 0;color:#57606a;vertical-align:top;white-space:nowrap\">").Append(Safe(fact.Name))
                .Append("</td><td style=\"padding:2px 0\">").Append(Safe(fact.Value)).Append("</td></tr>");
        }

        page.Append("</table>");
        foreach (var list in message.Lists.Where(list => list.Lines.Count > 0))
        {
            page.Append("<h2 style=\"margin:20px 0 4px;font-size:15px\">").Append(Safe(list.Heading)).Append("</h2><ul style=\"margin:0;padding-left:20px\">");
            foreach (var line in list.Lines)
            {
                page.Append("<li>").Append(Safe(line)).Append("</li>");
            }

            page.Append("</ul>");
        }

        page.Append("<p style=\"margin:24px 0 0\">");
        Button(page, message.Link, "Open in Opsmeter", "#1b1f24", "#fff");
        Button(page, message.AcknowledgeLink, "Acknowledge", "#fff", "#1b1f24");
        return page.Append("</p></td></tr></table></body></html>").ToString();

        static string Safe(string text) => WebUtility.HtmlEncode(text);
        static void Button(StringBuilder page, Uri? url, string text, string back, string front)
        {
            if (url is not null)
            {
                page.Append(CultureInfo.InvariantCulture, $"<a href=\"{Safe(url.AbsoluteUri)}\" style=\"display:inline-block;margin-right:12px;padding:8px 16px;border:1px solid #1b1f24;border-radius:6px;background:{back};color:{front};text-decoration:none\">{text}</a>");
            }
        }
    }

    private static int Colour(MessageSeverity severity) => severity switch
    {
        MessageSeverity.Info => 0x2da44e,
        MessageSeverity.Warning => 0xd4a72c,
        MessageSeverity.Critical => 0xcf222e,
    };

    private static string Name<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    [GeneratedRegex(@"[\\*_~`|<>\[\]()#@:-]")]
    private static partial Regex Markup();
}
