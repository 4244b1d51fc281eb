using Opsmeter.Web.Identity;

namespace Opsmeter.Tests.Web.Access;

/// <summary>What a route answers to each kind of caller.</summary>
/// <param name="Route">The method and the route, as the running app lists it.</param>
/// <param name="Scopes">The scopes of which a key needs one; none for a route that opens to no key.</param>
/// <param name="Least">The least role that it opens to; null for a route that opens to no member.</param>
internal sealed record AccessRow(string Route, KeyScopes Scopes = KeyScopes.None, Role? Least = null)
{
    /// <summary>True where everybody is let in.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The answer to whoever is let in.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The answer to a key of another workspace with every scope; as to one of this where nothing else is said.</summary>
    public int? Foreign { get; init; }

    /// <summary>The answer to somebody who is not known: 401 to programs, 302 to sign-in for pages.</summary>
    public int Unknown { get; init; } = 401;

    /// <summary>The answer to a member whose role does not do.</summary>
    public int Refused { get; init; } = 403;

    /// <summary>The body, where one is sent; NAME in it is another name each time.</summary>
    public string? Body { get; init; }

    /// <summary>What follows the path.</summary>
    public string Query { get; init; } = "";
}
