namespace Opsmeter.Tests.Conventions;

/// <summary>Finds the files that use what their part of the product may not.</summary>
internal static class Uses
{
    /// <summary>What is forbidden in these files, one line each; empty when all is well.</summary>
    /// <param name="files">The files of one project.</param>
    /// <param name="root">The project's root namespace.</param>
    /// <param name="allowed">What each part may use beside itself.</param>
    public static IEnumerable<string> Forbidden(
        IEnumerable<SourceFile> files, string root, IReadOnlyDictionary<string, string[]> allowed)
    {
        foreach (var file in files.Where(file => !AllowedUses.Composers.Contains(file.Path)))
        {
            var part = PartOf(file.Namespace, root);
            if (!allowed.TryGetValue(part, out var uses))
            {
                yield return $"{file.Path}: '{part}' has no row in {nameof(AllowedUses)}";
                continue;
            }

            foreach (var name in file.NamesBelow(root).Where(name => allowed.ContainsKey(name) && name != part && !uses.Contains(name)))
            {
                yield return $"{file.Path}: {part} may not use {name}";
            }
        }
    }

    private static string PartOf(string fileNamespace, string root) =>
        fileNamespace == root ? "" : fileNamespace[(root.Length + 1)..].Split('.')[0];
}
