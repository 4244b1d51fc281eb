using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;

namespace Opsmeter.Tests.Web.Malformed;

/// <summary>One of everything that a route names, so that a body is read to its end.</summary>
internal sealed class MalformedObjects
{
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);

    /// <summary>Makes them. A channel needs Alerts:AllowedAddresses 127.0.0.1/32; nothing listens there, and nothing is sent.</summary>
    /// <param name="client">With a key that may do everything.</param>
    public static async Task<MalformedObjects> MakeAsync(HttpClient client)
    {
        var objects = new MalformedObjects();
        foreach (var (path, body) in new[]
        {
            ("/v1/budgets", PolicyOpsmeter.Budget(("name", "kept"), ("limitUsd", 1_000_000))),
            ("/v1/tiers", """{"pattern":"kept.*","tier":3}"""),
            ("/v1/channels", """{"name":"kept","kind":"webhook","url":"http://127.0.0.1:9/hook"}"""),
            ("/v1/escalations", """{"name":"kept","steps":[{"afterMinutes":0,"notify":"owner"}]}"""),
            ("/v1/keys", """{"name":"kept","scopes":["read"]}"""),
        })
        {
            var made = await client.PostAsync(path, body);
            objects._ids[path] = made.Status == 201 ? made.Location!.Split('/')[^1] : throw new InvalidOperationException(made.Text);
        }

        return objects;
    }

    /// <summary>Where a route is, its object named.</summary>
    public string PathOf(MalformedRoute route)
    {
        var kept = _ids.Keys.FirstOrDefault(path => route.Path.StartsWith(path + "/ID", StringComparison.Ordinal));
        return route.Path.Replace("ID", kept is null ? "1" : _ids[kept], StringComparison.Ordinal) + route.Query;
    }
}
