namespace Opsmeter.Tests.Web.Malformed;

/// <summary>A route that reads a body.</summary>
/// <param name="Method">POST or PUT.</param>
/// <param name="Path">The path; ID in it stands for the object that the route names.</param>
/// <param name="Body">A body that the route takes, or would where the object is there. NAME in it is another name each time.</param>
/// <param name="MostBytes">The largest body that is read.</param>
internal sealed record MalformedRoute(string Method, string Path, string Body, int MostBytes = 64 * 1024)
{
    /// <summary>The route as the access table has it.</summary>
    public string Route { get; init; } = $"{Method} {Path}";

    /// <summary>True where rows stand alone: a bad one is listed in an answer with 200.</summary>
    public bool IsBatch { get; init; }

    /// <summary>True where YAML is read too.</summary>
    public bool TakesYaml { get; init; }

    /// <summary>The member without which the route refuses a body; null where all may be left out, and for rows, whose names may have any case.</summary>
    public string? Required { get; init; }

    /// <summary>What follows the path.</summary>
    public string Query { get; init; } = "";

    /// <inheritdoc />
    public override string ToString() => Route;
}
