using System.Globalization;
using System.Text.RegularExpressions;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Policy;

/// <summary>
/// The rules that fields of the policy share. Each takes what was written, says beside the field what to write instead, and
/// gives back the value to keep.
/// </summary>
internal static partial class FieldRules
{
    public const int LongestName = 200;
    private const int LongestNotes = 2_000;
    private const int LongestMessage = 500;
    private const int MostTools = 50;
    private const int MostDecimals = 9;
    private const decimal MostUsd = 1_000_000_000m;

    /// <summary>A line of text; blank counts as absent.</summary>
    public static string? Line(this FieldErrors errors, string field, string? text, int longest, string? required = null)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            if (required is not null)
            {
                errors.Add(field, required);
            }

            return null;
        }

        if (text.Length > longest)
        {
            errors.Add(field, $"Write at most {Number(longest)} characters; this has {Number(text.Length)}.");
        }
        else if (text.Any(char.IsControl))
        {
            errors.Add(field, "Write it without line breaks and other control characters.");
        }

        return text;
    }

    /// <summary>Text of several lines; blank counts as absent.</summary>
    public static string? Notes(this FieldErrors errors, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (text.Length > LongestNotes)
        {
            errors.Add("notes", $"Write at most {Number(LongestNotes)} characters; this has {Number(text.Length)}.");
        }
        else if (text.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\r' or '\t')))
        {
            errors.Add("notes", "Write it without control characters other than line breaks and tabs.");
        }

        return text;
    }

    /// <summary>A value to match, or the start of one followed by a star.</summary>
    public static string Pattern(this FieldErrors errors, string field, string? text)
    {
        var pattern = errors.Line(field, text, LongestName, "Write 1 to 200 characters, such as chat.reply or agents.*.") ?? "";
        if (pattern.AsSpan(0, Math.Max(0, pattern.Length - 1)).Contains('*'))
        {
            errors.Add(field, "Write * only at the end, where it stands for any rest.");
        }

        return pattern;
    }

    /// <summary>What a blocked end user reads: never an amount, which is nobody's business there.</summary>
    public static string? BlockMessage(this FieldErrors errors, string? text)
    {
        var message = errors.Line("blockMessage", text, LongestMessage);
        if (message is not null && Amount().IsMatch(message))
        {
            errors.Add("blockMessage", "Write it without amounts of money: end users read it.");
        }

        return message;
    }

    public static decimal? Usd(this FieldErrors errors, string field, decimal? usd, string? required = null)
    {
        if (usd is not { } amount)
        {
            if (required is not null)
            {
                errors.Add(field, required);
            }

            return null;
        }

        if (amount is <= 0 or > MostUsd)
        {
            errors.Add(field, $"Write an amount in USD above 0, at most {Number(MostUsd)}.");
        }
        else if (decimal.Round(amount, MostDecimals) != amount)
        {
            errors.Add(field, "Write at most nine decimals.");
        }

        return amount;
    }

    public static decimal? Between(this FieldErrors errors, string field, decimal? number, decimal least, decimal most)
    {
        if (number < least || number > most)
        {
            errors.Add(field, $"Write a number from {Number(least)} to {Number(most)}.");
        }

        return number;
    }

    public static long? AtLeastOne(this FieldErrors errors, string field, long? number)
    {
        if (number < 1)
        {
            errors.Add(field, "Write a whole number, 1 or more.");
        }

        return number;
    }

    public static string TimeZone(this FieldErrors errors, string field, string zone)
    {
        if (!TimeZones.TryFind(zone, out _))
        {
            errors.Add(field, "Write the IANA name of a time zone, such as Europe/Berlin or UTC.");
        }

        return zone;
    }

    /// <summary>A member's e-mail as the member has it, whatever the case it was written in.</summary>
    public static string? Member(
        this FieldErrors errors, string field, string? email, IReadOnlyList<string> members, string? required = null)
    {
        if (string.IsNullOrWhiteSpace(email))
        {
            if (required is not null)
            {
                errors.Add(field, required);
            }

            return null;
        }

        var member = members.FirstOrDefault(other => string.Equals(other, email.Trim(), StringComparison.OrdinalIgnoreCase));
        if (member is null)
        {
            errors.Add(field, "Write the e-mail of a member of this workspace.");
        }

        return member;
    }

    public static DegradedModeDocument? DegradedMode(this FieldErrors errors, DegradedModeDraft? draft, string field = "degradedMode")
    {
        if (draft is null)
        {
            return null;
        }

        var own = errors.Under(field);
        own.AtLeastOne("maxOutputTokens", draft.MaxOutputTokens);
        own.AtLeastOne("maxInputTokens", draft.MaxInputTokens);
        var disable = draft.DisableTools ?? false;
        if (draft.AllowedTools is { } tools)
        {
            if (tools.Count > MostTools)
            {
                own.Add("allowedTools", $"Name at most {MostTools} tools.");
            }

            if (disable && tools.Count > 0)
            {
                own.Add("allowedTools", "Leave this out, or set disableTools to false: both at once contradict each other.");
            }

            foreach (var tool in tools.TakeWhile(_ => !own.Has("allowedTools")))
            {
                own.Line("allowedTools", tool, LongestName, "Write the name of each tool, 1 to 200 characters.");
            }
        }

        return new DegradedModeDocument
        {
            Model = own.Line("model", draft.Model, LongestName),
            MaxOutputTokens = draft.MaxOutputTokens,
            MaxInputTokens = draft.MaxInputTokens,
            DisableTools = disable,
            AllowedTools = disable ? null : draft.AllowedTools?.ToArray(),
        };
    }

    /// <summary>How values of a dimension are told apart.</summary>
    public static StringComparer ComparerFor(Dimension dimension) =>
        StringComparer.FromComparison(Condition.ComparisonFor(dimension));

    private static string Number(decimal value) => value.ToString("#,##0.#########", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"([$€£]|\bUSD)\s*[.,]?\d|\d\s*([$€£]|USD\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Amount();
}
