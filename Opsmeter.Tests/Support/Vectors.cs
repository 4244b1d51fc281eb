using System.Text.Json;

namespace Opsmeter.Tests.Support;

/// <summary>Reads the vectors of an independent implementation that lie beside the tests.</summary>
internal static class Vectors
{
    public static IReadOnlyList<T> Read<T>(string file) =>
        JsonSerializer.Deserialize<T[]>(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", file)), JsonSerializerOptions.Web)!;
}
