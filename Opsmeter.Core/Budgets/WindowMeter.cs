using Opsmeter.Core.Metering;

namespace Opsmeter.Core.Budgets;

/// <summary>The running sums and standing of one window of one key.</summary>
internal sealed class WindowMeter(KeyMeter owner, TimeWindow window)
{
    public KeyMeter Owner => owner;

    public TimeWindow Window => window;

    public WindowSums Sums { get; set; }

    public Standing Standing { get; set; }
}
