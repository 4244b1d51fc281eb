using System.Runtime.InteropServices;

/// <summary>
/// Started inside the measured server by <c>DOTNET_STARTUP_HOOKS</c>, so that the product needs no door for it: on SIGUSR1 it
/// collects all garbage and writes what is in use on the heap. It moves nothing together: requests wait while that is done,
/// and their times are measured too.
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
