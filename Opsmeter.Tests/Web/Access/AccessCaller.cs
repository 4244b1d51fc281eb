using Opsmeter.Web.Identity;

namespace Opsmeter.Tests.Web.Access;

/// <summary>Somebody who calls.</summary>
/// <param name="Name">Who, in words.</param>
/// <param name="Client">How.</param>
/// <param name="Scopes">What their key may do; null without a key that is good.</param>
/// <param name="Role">What they are, where they are signed in.</param>
/// <param name="IsForeign">True for a key of another workspace.</param>
internal sealed record AccessCaller(string Name, HttpClient Client, KeyScopes? Scopes = null, Role? Role = null, bool IsForeign = false);
