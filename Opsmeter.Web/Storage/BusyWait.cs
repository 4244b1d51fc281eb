using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Opsmeter.Web.Storage;

/// <summary>
/// What a connection does while another one writes: it looks again each millisecond, and says that it waits. Under load the
/// ledger's writer leaves only microseconds between two groups, which nobody who looks now and then would hit: it rests while
/// others have just said that they wait.
/// </summary>
internal static class BusyWait
{
    // Three looks missed: whoever waited has had its turn, or given up.
    private static readonly TimeSpan JustNow = TimeSpan.FromMilliseconds(4);

    // Kept here: SQLite has only their addresses.
    private static readonly Handler Heard = (most, looks) => Wait(most, looks, isHeard: true);
    private static readonly Handler Unheard = (most, looks) => Wait(most, looks, isHeard: false);

    private static readonly ManualResetEventSlim Never = new(initialState: false, spinCount: 0);
    private static long _waited;

    private delegate int Handler(nint mostLooks, int looks);

    /// <summary>True where someone waits to write, as of a moment ago.</summary>
    public static bool IsAnyone
    {
        get
        {
            var waited = Volatile.Read(ref _waited);
            return waited != 0 && TimeProvider.System.GetElapsedTime(waited) < JustNow;
        }
    }

    /// <summary>Sets it on an open connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="most">How long it waits; at least a millisecond.</param>
    /// <param name="isHeard">False for the ledger's writer itself.</param>
    public static void Set(SqliteConnection connection, TimeSpan most, bool isHeard = true) =>
        _ = SetHandler(connection.Handle!.DangerousGetHandle(), isHeard ? Heard : Unheard, (nint)most.TotalMilliseconds);

    /// <summary>Has the thread rest for a millisecond; needs none of the pool's threads to wake.</summary>
    public static void RestBriefly() => Never.Wait(TimeSpan.FromMilliseconds(1));

    private static int Wait(nint mostLooks, int looks, bool isHeard)
    {
        if (looks >= mostLooks)
        {
            return 0;
        }

        if (isHeard)
        {
            Volatile.Write(ref _waited, TimeProvider.System.GetTimestamp());
        }

        RestBriefly();
        return 1;
    }

    // The library that Microsoft.Data.Sqlite uses; its own wrapper has no way to this function.
    [DllImport("e_sqlite3", EntryPoint = "sqlite3_busy_handler", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern int SetHandler(nint connection, Handler handler, nint mostLooks);
}
