using Opsmeter.Core.Metering;

namespace Opsmeter.Core.Budgets;

/// <summary>
/// Everything held of one budget and key: its trail for burn rates and its windows that are not over yet. Owned by the
/// thread that runs the pipeline.
/// </summary>
internal sealed class KeyMeter(string? key, Confirmation confirmation)
{
    private readonly List<WindowMeter> _windows = new(1);

    public string? Key => key;

    public SpendTrail Trail { get; } = new(confirmation.Long, confirmation.Short);

    public DateTimeOffset Latest { get; set; } = DateTimeOffset.MinValue;

    public IReadOnlyList<WindowMeter> Windows => _windows;

    public WindowMeter? Find(DateTimeOffset windowStart)
    {
        foreach (var window in _windows)
        {
            if (window.Window.Start == windowStart)
            {
                return window;
            }
        }

        return null;
    }

    public WindowMeter Add(TimeWindow window)
    {
        var meter = new WindowMeter(this, window);
        _windows.Add(meter);
        return meter;
    }

    /// <summary>Forgets the windows that are over; the ledger keeps them.</summary>
    /// <returns>True when any was running until then.</returns>
    public bool DropEnded(DateTimeOffset now) => _windows.RemoveAll(window => window.Window.End <= now) > 0;
}
