namespace Opsmeter.Web.Storage;

/// <summary>
/// When something is due that is done again and again: by how long it is ago, whatever the clock says. Clocks are set, forward
/// and back. Not thread-safe.
/// </summary>
internal sealed class Cadence(TimeSpan every, TimeProvider time)
{
    private long? _begunAt;

    /// <summary>How long it is until it is due, at most as long as from one time to the next; nothing or less where it is.</summary>
    public TimeSpan Rest => _begunAt is { } begun && every - time.GetElapsedTime(begun) is var rest && rest <= every ? rest : TimeSpan.Zero;

    /// <summary>Begins with it where it is due.</summary>
    public bool TryBegin()
    {
        if (Rest > TimeSpan.Zero)
        {
            return false;
        }

        _begunAt = time.GetTimestamp();
        return true;
    }
}
