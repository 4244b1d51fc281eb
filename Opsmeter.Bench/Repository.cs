namespace Opsmeter.Bench;

/// <summary>Where the sources are that this was built from.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Opsmeter.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The repository was not found above the benchmark.");
        }

        return folder.FullName;
    }
}
