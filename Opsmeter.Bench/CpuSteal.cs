using System.Globalization;

namespace Opsmeter.Bench;

/// <summary>How much of the processors' time others on the same host took, between two moments.</summary>
internal sealed class CpuSteal
{
    private const int StealColumn = 8;
    private (double Steal, double All) _before = Read();

    /// <summary>The share since the last call.</summary>
    public double Take()
    {
        var (now, before) = (Read(), _before);
        _before = now;
        return now.All > before.All ? (now.Steal - before.Steal) / (now.All - before.All) : 0;
    }

    private static (double Steal, double All) Read()
    {
        if (!File.Exists("/proc/stat"))
        {
            return (0, 0);
        }

        var columns = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var numbers = columns.Skip(1).Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return (numbers[StealColumn - 1], numbers.Sum());
    }
}
