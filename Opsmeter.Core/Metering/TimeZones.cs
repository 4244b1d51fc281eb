using System.Diagnostics.CodeAnalysis;

namespace Opsmeter.Core.Metering;

/// <summary>Finds the zones that budgets and workspaces may name: those of the IANA database, by their IANA ids alone.</summary>
public static class TimeZones
{
    /// <summary>The longest id looked up; the longest in the database has 32 characters.</summary>
    public const int LongestId = 64;

    /// <summary>Finds a zone by its IANA id, compared case-sensitively; links such as <c>Asia/Calcutta</c> count.</summary>
    /// <param name="id">The id, such as <c>Europe/Berlin</c> or <c>UTC</c>.</param>
    /// <param name="zone">The zone, or null where there is none.</param>
    /// <returns>
    /// False for text that is not the id of a zone: blank, a Windows name such as <c>Eastern Standard Time</c> or
    /// <c>UTC-11</c>, a path, or a name of a file that lies beside the zones.
    /// </returns>
    public static bool TryFind(string? id, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = null;
        if (!IsWellFormed(id) || !TimeZoneInfo.TryFindSystemTimeZoneById(id, out var found))
        {
            return false;
        }

        // The system answers to Windows names too, and on some file systems to another case.
        if (!found.HasIanaId || found.Id != id)
        {
            return false;
        }

        zone = found;
        return true;
    }

    // Zones begin with a capital letter; the folders and files beside them (posix/, right/, localtime) do not, but for
    // the placeholder of a machine that was never given a zone.
    private static bool IsWellFormed([NotNullWhen(true)] string? id) =>
        id is { Length: > 0 and <= LongestId } and not "Factory"
        && char.IsAsciiLetterUpper(id[0])
        && char.IsAsciiLetterOrDigit(id[^1])
        && !id.Contains("//", StringComparison.Ordinal)
        && id.All(character => char.IsAsciiLetterOrDigit(character) || character is '/' or '_' or '-' or '+');
}
