namespace Opsmeter.Web.Storage;

/// <summary>Has the ledger's writer rest between two groups while something is done that cannot be done beside it.</summary>
public sealed class WriterPause
{
    /// <summary>The longest that the writer rests at once.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromSeconds(2);

    private volatile Ask? _ask;

    /// <summary>Does something while the writer rests; one caller at a time.</summary>
    /// <param name="patience">How long to wait for the end of the group that is written.</param>
    /// <param name="act">What is done.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False where the writer did not come to rest in time, as while it has nothing to write, and nothing was done.</returns>
    public bool TryDuring(TimeSpan patience, Action act, CancellationToken cancellation)
    {
        var ask = new Ask();
        _ask = ask;
        try
        {
            if (!ask.Granted.Wait(patience, cancellation))
            {
                return false;
            }

            act();
            return true;
        }
        finally
        {
            _ask = null;
            ask.Over.Set();
        }
    }

    /// <summary>Rests where someone asked for it; the writer calls this between two groups.</summary>
    public void Rest()
    {
        if (_ask is { } ask)
        {
            ask.Granted.Set();
            ask.Over.Wait(Most);
        }
    }

    // Neither is disposed: the other thread may still be at it, and neither has a handle before someone asks for one.
    private sealed class Ask
    {
        public ManualResetEventSlim Granted { get; } = new();

        public ManualResetEventSlim Over { get; } = new();
    }
}
