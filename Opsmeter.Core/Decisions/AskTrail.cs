namespace Opsmeter.Core.Decisions;

/// <summary>
/// When callers of one endpoint and budget key asked, and what they were told: spans of time that an answer holds for, joined
/// while the answer stays the same. Not thread-safe.
/// </summary>
internal sealed class AskTrail
{
    private const int MostSpans = 64;
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Holds = TimeSpan.FromSeconds(DecisionEngine.TtlSeconds);

    private readonly List<(DateTimeOffset From, DateTimeOffset Until, Ask Ask)> _spans = [];

    /// <summary>When it was asked last.</summary>
    public DateTimeOffset Latest { get; private set; }

    public void Add(DateTimeOffset now, Ask ask)
    {
        var isSame = _spans.Count > 0 && _spans[^1].Ask == ask && now <= _spans[^1].Until;
        if (isSame && now - Latest < Grain)
        {
            return;
        }

        Latest = now > Latest ? now : Latest;
        if (isSame)
        {
            _spans[^1] = _spans[^1] with { Until = Latest + Holds };
            return;
        }

        if (_spans.Count > 0 && _spans[^1].Until > now)
        {
            _spans[^1] = _spans[^1] with { Until = now };
        }

        _spans.Add((now, now + Holds, ask));
        if (_spans.Count > MostSpans)
        {
            _spans.RemoveAt(0);
        }
    }

    /// <summary>The answer that held last while a call was made, or null where none did.</summary>
    /// <param name="began">When the call began.</param>
    /// <param name="occurred">When it was made, as reported.</param>
    public Ask? During(DateTimeOffset began, DateTimeOffset occurred)
    {
        for (var i = _spans.Count - 1; i >= 0; i--)
        {
            if (_spans[i].From <= occurred && _spans[i].Until >= began)
            {
                return _spans[i].Ask;
            }
        }

        return null;
    }
}
