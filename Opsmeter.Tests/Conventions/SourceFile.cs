using System.Text.RegularExpressions;

namespace Opsmeter.Tests.Conventions;

/// <summary>A C# or Razor file of the repository: where it is and which namespaces it names.</summary>
/// <param name="Path">Its path from the root of the repository, with forward slashes.</param>
/// <param name="Text">Its text.</param>
internal sealed partial record SourceFile(string Path, string Text)
{
    private static readonly string[] MadeByTheBuild = ["bin", "obj", "node_modules", "Migrations"];

    /// <summary>The text without comments, so that prose may speak of anything.</summary>
    public string Code => Comments().Replace(Text, " ");

    /// <summary>The namespace it states; for Razor files, the one its folder gives.</summary>
    public string Namespace => Path.EndsWith(".razor", StringComparison.Ordinal)
        ? string.Join('.', Path.Split('/')[..^1])
        : NamespaceLine().Match(Text) is { Success: true } line ? line.Groups[1].Value : Path.Split('/')[0];

    /// <summary>The repository's root: the folder above the tests that holds the solution.</summary>
    public static DirectoryInfo Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Opsmeter.sln")))
            {
                folder = folder.Parent;
            }

            return folder ?? throw new InvalidOperationException("No folder above the tests holds Opsmeter.sln.");
        }
    }

    /// <summary>The source files of one project, without what the build makes.</summary>
    public static IReadOnlyList<SourceFile> Of(string project) =>
    [
        .. Directory.EnumerateFiles(System.IO.Path.Combine(Root.FullName, project), "*.*", SearchOption.AllDirectories)
            .Where(path => path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".razor", StringComparison.Ordinal))
            .Select(path => (Full: path, Short: System.IO.Path.GetRelativePath(Root.FullName, path).Replace('\\', '/')))
            .Where(path => !path.Short.Split('/').Intersect(MadeByTheBuild).Any())
            .Select(path => new SourceFile(path.Short, File.ReadAllText(path.Full)))
            .OrderBy(file => file.Path, StringComparer.Ordinal),
    ];

    /// <summary>The first names below a root namespace that the code mentions, by <c>using</c> or in full.</summary>
    public IEnumerable<string> NamesBelow(string root) => Qualified().Matches(Code)
        .Where(match => match.Groups["root"].Value == root)
        .Select(match => match.Groups["first"].Value)
        .Distinct();

    [GeneratedRegex(@"^\s*namespace\s+([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"(?<![\w.])(global::)?(?<root>Opsmeter\.(Core|Web))\.(?<first>[A-Z]\w*)")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/|@\*.*?\*@", RegexOptions.Singleline)]
    private static partial Regex Comments();
}
