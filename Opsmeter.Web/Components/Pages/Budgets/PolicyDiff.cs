using System.Text.Json;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>Finds what an edit changed, from the documents before and after it.</summary>
internal static class PolicyDiff
{
    private const int LongestValue = 60;

    /// <summary>The fields that differ, as the API spells them, with both values; nothing for a creation or a deletion.</summary>
    public static IReadOnlyList<(string Field, string Before, string After)> Of(string? before, string? after)
    {
        if (Fields(before) is not { } old || Fields(after) is not { } now)
        {
            return [];
        }

        return
        [
            .. old.Keys.Union(now.Keys).Where(field => old.GetValueOrDefault(field) != now.GetValueOrDefault(field))
                .Select(field => (field, Short(old.GetValueOrDefault(field)), Short(now.GetValueOrDefault(field)))),
        ];
    }

    /// <summary>What was done, for a line of the history.</summary>
    public static string Verb(string action) => action.Split('.')[^1] switch
    {
        "create" => "Created",
        "delete" => "Deleted",
        "archive" => "Archived",
        "restore" => "Brought back",
        "release" => "Released",
        "revoke" => "Revoked",
        "end" => "Ended",
        "void" => "Voided",
        "fault" => "Found a fault in",
        "sign-in" => "Signed in",
        "sign-in-failed" => "Sign-in failed",
        _ => "Edited",
    };

    /// <summary>What a document says, by field; null where it is no document.</summary>
    public static Dictionary<string, string>? Fields(string? json)
    {
        if (json is not ['{', ..])
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            Add(fields, "", document.RootElement);
            return fields;
        }
        catch (JsonException)
        {
            // What a person wrote, such as a reason, may begin like one.
            return null;
        }
    }

    private static void Add(Dictionary<string, string> fields, string path, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            fields[path] = value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();
            return;
        }

        foreach (var member in value.EnumerateObject())
        {
            Add(fields, path.Length == 0 ? member.Name : $"{path}.{member.Name}", member.Value);
        }
    }

    private static string Short(string? value) => value switch
    {
        null or "null" or "" => "nothing",
        { Length: > LongestValue } => value[..LongestValue] + "…",
        _ => value,
    };
}
