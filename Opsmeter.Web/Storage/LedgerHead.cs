using System.Globalization;
using System.Text;

namespace Opsmeter.Web.Storage;

/// <summary>
/// The newest row that was committed, in a file beside the database. A damaged write-ahead log ends early without an error,
/// and takes rows with it that were answered; this file tells that they are missing. It is written after each commit and not
/// forced to the disk: it may be behind, never ahead.
/// </summary>
internal sealed class LedgerHead : IDisposable
{
    private const int Digits = 19;
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _file;

    private LedgerHead(Microsoft.Win32.SafeHandles.SafeFileHandle file) => _file = file;

    /// <summary>Opens it, making it where it does not exist.</summary>
    /// <param name="database">The database's file.</param>
    public static LedgerHead Open(string database) =>
        new(File.OpenHandle(PathOf(database), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite));

    /// <summary>Where it is.</summary>
    public static string PathOf(string database) => Path.ChangeExtension(database, ".head");

    /// <summary>The newest row that was committed and its hash, and the newest correction; null where nothing was noted, or not legibly.</summary>
    public (long Seq, byte[] Chain, long CorrectionId)? Read()
    {
        Span<byte> bytes = stackalloc byte[256];
        var parts = Encoding.ASCII.GetString(bytes[..RandomAccess.Read(_file, bytes, 0)]).Split(' ', '\n');
        return parts.Length >= 3
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var correctionId)
            && parts[2].Length is LedgerChain.Bytes * 2 or LedgerChain.EarlierBytes * 2 && parts[2].All(char.IsAsciiHexDigit)
            ? (seq, Convert.FromHexString(parts[2]), correctionId)
            : null;
    }

    /// <summary>Notes the newest row. What is committed is kept whether this succeeds or not.</summary>
    public void Write(long seq, byte[] chain, long correctionId)
    {
        Span<byte> line = stackalloc byte[(2 * Digits) + (2 * LedgerChain.Bytes) + 3];
        line.Fill((byte)'\n');
        var text = string.Create(CultureInfo.InvariantCulture, $"{seq:D19} {correctionId:D19} {Convert.ToHexStringLower(chain)}");
        Encoding.ASCII.GetBytes(text, line);
        try
        {
            RandomAccess.Write(_file, line, 0);
        }
        catch (IOException)
        {
            // The disk is full or fails, which the next commit tells.
        }
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();
}
