using System.Globalization;
using System.Text.RegularExpressions;

namespace Opsmeter.Web.Ingest;

/// <summary>Reads RFC 3339 instants: a date, a time and an offset, all of them.</summary>
public static partial class Rfc3339
{
    private const int MostFraction = 7;

    public static bool TryParse(string text, out DateTimeOffset instant)
    {
        instant = default;
        var match = Shape().Match(text);
        if (!match.Success)
        {
            return false;
        }

        // .NET keeps seven decimals; more are cut, as a clock would.
        var fraction = match.Groups["fraction"].Value;
        var kept = fraction.Length > MostFraction + 1 ? fraction[..(MostFraction + 1)] : fraction;
        var plain = $"{match.Groups["date"].Value}T{match.Groups["time"].Value}{kept}{match.Groups["offset"].Value.ToUpperInvariant()}";
        if (!DateTimeOffset.TryParse(plain, CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed))
        {
            return false;
        }

        instant = parsed.ToUniversalTime();
        return true;
    }

    [GeneratedRegex(@"^(?<date>\d{4}-\d{2}-\d{2})[Tt ](?<time>\d{2}:\d{2}:\d{2})(?<fraction>\.\d{1,30})?(?<offset>[Zz]|[+-]\d{2}:\d{2})$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
