using System.Globalization;

namespace Opsmeter.Web.Operating;

/// <summary>A number of bytes as people read it.</summary>
public static class ByteSize
{
    /// <summary>In kB below a million bytes (at least 1 unless it is nothing), in MB below a billion, else in GB; decimal, as disks are sold.</summary>
    /// <param name="bytes">How many, 0 or more.</param>
    public static string Text(long bytes) => bytes switch
    {
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{(bytes is > 0 and < 1_000 ? 1 : bytes / 1e3):N0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N1} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:N1} GB"),
    };
}
