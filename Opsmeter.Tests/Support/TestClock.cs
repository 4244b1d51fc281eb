using Microsoft.Extensions.Time.Testing;

namespace Opsmeter.Tests.Support;

/// <summary>A clock that stands still until told otherwise, and whose wall clock can be set, as a machine's can: time does not pass by that.</summary>
/// <param name="start">Where it begins.</param>
public sealed class TestClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    /// <summary>How far the wall clock is ahead of what it would be if nobody had set it.</summary>
    public TimeSpan SetAhead { get; set; }

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + SetAhead;

    /// <inheritdoc />
    public override long GetTimestamp() => base.GetUtcNow().UtcTicks;
}
