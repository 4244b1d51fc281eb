namespace Opsmeter.Web.Components.Pages;

/// <summary>
/// How long a page rests between two readings of the same view: so long that reading takes no more than a twentieth of the
/// time, so that a large store is asked less often. The shorter of the last two readings counts: one that was slow for once, as
/// the first of a young process is, must not leave the page behind.
/// </summary>
internal sealed class ReadingPace
{
    private const int Leisure = 20;

    private TimeSpan _before;

    /// <summary>Forgets how long readings took: another view is read.</summary>
    public void Forget() => _before = TimeSpan.Zero;

    /// <summary>How long after the beginning of a reading the next one may begin.</summary>
    /// <param name="took">How long the reading took.</param>
    public TimeSpan Next(TimeSpan took)
    {
        var usual = took < _before ? took : _before;
        _before = took;
        return usual * Leisure;
    }
}
