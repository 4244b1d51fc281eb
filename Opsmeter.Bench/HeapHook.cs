using System.Runtime.InteropServices;

/// <summary>
/// Started inside the measured server by <c>DOTNET_STARTUP_HOOKS</c>, so that the product needs no door for it: on SIGUSR1 it
/// collects all garbage and writes what is in use on the heap. It moves nothing together: that would hold every request up for
/// a fifth of a second, three times a minute, which is what the 99th percentile of a minute then is.
/// </summary>
internal static class StartupHook
{
    // As Linux numbers it.
    private const PosixSignal Ask = (PosixSignal)10;
    private static PosixSignalRegistration? _registration;

    /// <summary>Called by the runtime before the server's own code.</summary>
    public static void Initialize() => _registration = PosixSignalRegistration.Create(Ask, context =>
    {
        context.Cancel = true;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
        Console.WriteLine($"Heap in use: {GC.GetTotalMemory(forceFullCollection: false)} bytes");
    });
}
