using System.Text.Json;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Policy;

/// <summary>One change that a policy document makes.</summary>
/// <param name="Kind"><c>budget</c>, <c>tier</c> or <c>settings</c>.</param>
/// <param name="Action"><c>create</c>, <c>replace</c> or <c>delete</c>.</param>
/// <param name="Id">The id; null for the settings.</param>
/// <param name="Name">The budget's name or the entry's pattern.</param>
/// <param name="Fields">What changes, by member: before and after, null where there is none.</param>
public sealed record PolicyDifference(string Kind, string Action, string? Id, string? Name, IReadOnlyDictionary<string, PolicyDifference.Field> Fields)
{
    /// <summary>Compares member by member.</summary>
    public static PolicyDifference Of<T>(string kind, string? id, string? name, T? before, T? after)
        where T : class
    {
        var (old, now) = (Members(before), Members(after));
        var fields = old.Keys.Union(now.Keys, StringComparer.Ordinal)
            .Select(member => (Member: member, Before: old.GetValueOrDefault(member), After: now.GetValueOrDefault(member)))
            .Where(pair => Text(pair.Before) != Text(pair.After))
            .ToDictionary(pair => pair.Member, pair => new Field(pair.Before, pair.After), StringComparer.Ordinal);
        return new PolicyDifference(kind, before is null ? "create" : after is null ? "delete" : "replace", id, name, fields);
    }

    private static Dictionary<string, JsonElement?> Members<T>(T? document)
        where T : class => document is null
        ? []
        : JsonSerializer.SerializeToElement(document, DocumentJson.Options).EnumerateObject().ToDictionary(member => member.Name, member => (JsonElement?)member.Value, StringComparer.Ordinal);

    private static string? Text(JsonElement? value) => value is { ValueKind: not JsonValueKind.Null } element ? element.GetRawText() : null;

    /// <summary>A member before and after.</summary>
    public sealed record Field(JsonElement? Before, JsonElement? After);
}
