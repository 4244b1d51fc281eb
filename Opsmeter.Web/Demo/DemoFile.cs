using System.Text.Json;

namespace Opsmeter.Web.Demo;

/// <summary>What the demo remembers of itself beside its database.</summary>
/// <param name="Seed">Which month it is.</param>
/// <param name="MonthEnd">When the month ended: the first start.</param>
/// <param name="IsLoaded">True once the whole month and its policy are stored.</param>
internal sealed record DemoFile(int Seed, DateTimeOffset MonthEnd, bool IsLoaded)
{
    private const int FirstSeed = 4711;
    private const string Name = "demo.json";

    /// <summary>Reads it, or begins a new one now.</summary>
    public static DemoFile Open(string folder, DateTimeOffset now)
    {
        var path = Path.Combine(folder, Name);
        return File.Exists(path) && JsonSerializer.Deserialize<DemoFile>(File.ReadAllText(path)) is { } known
            ? known
            : new DemoFile(FirstSeed, now, IsLoaded: false);
    }

    /// <summary>Writes it.</summary>
    public void Save(string folder) => File.WriteAllText(Path.Combine(folder, Name), JsonSerializer.Serialize(this));
}
