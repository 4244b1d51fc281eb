using System.Globalization;
using Opsmeter.Core.Budgets;
using Opsmeter.Web.Hosting;

namespace Opsmeter.Web.Policy;

/// <summary>Reads which acts are asked for from an address: the API's, the page's and the file's are the same.</summary>
internal static class AuditQueries
{
    /// <summary>The query; what is wrong goes to the errors, and that part is left out.</summary>
    /// <param name="text">The text of a parameter, or null.</param>
    /// <param name="settings">The workspace's settings: dates are in its zone.</param>
    /// <param name="now">The server's clock.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public static AuditQuery Read(Func<string, string?> text, WorkspaceSettings settings, DateTimeOffset now, FieldErrors errors)
    {
        return new AuditQuery
        {
            Actor = text("actor"),
            Action = text("action"),
            Target = text("target"),
            Text = text("q"),
            From = Instant("from"),
            To = Instant("to"),
            Before = Cursor(),
        };

        DateTimeOffset? Instant(string name)
        {
            if (text(name) is not { } written)
            {
                return null;
            }

            if (TimeExpression.TryParse(written, now, settings.TimeZone, settings.WeekStartsOn, out var instant) is { } wrong)
            {
                errors.Add(name, wrong);
                return null;
            }

            return instant;
        }

        long? Cursor()
        {
            if (text("cursor") is not { } written)
            {
                return null;
            }

            if (long.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var before))
            {
                return before;
            }

            errors.Add("cursor", "Send nextCursor as it was answered, or leave it out.");
            return null;
        }
    }
}
