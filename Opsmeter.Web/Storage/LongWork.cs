namespace Opsmeter.Web.Storage;

/// <summary>
/// Work that goes on for long without awaiting, on a thread of its own. On the pool it would take the threads that read requests
/// and send answers: there are as few as processors, and more come slowly.
/// </summary>
internal static class LongWork
{
    /// <summary>Runs it.</summary>
    /// <param name="work">The work; it looks at <paramref name="cancellation"/> by itself once it began.</param>
    /// <param name="cancellation">Keeps it from beginning.</param>
    public static Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation = default) =>
        Task.Factory.StartNew(work, cancellation, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    /// <summary>Runs what has no result.</summary>
    /// <param name="work">The work.</param>
    public static Task RunAsync(Action work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
