using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Opsmeter.Web.Ingest;

/// <summary>Reads <c>metadata</c>: a flat object of a few strings, numbers and booleans, kept for the request's page.</summary>
internal static class MetadataReader
{
    private const string Field = "metadata";
    private const int MostMembers = 20;
    private const int MostBytes = 4 * 1024;
    private const int LongestTenant = 200;

    public static string? Read(JsonFields fields, out string? tenantId)
    {
        tenantId = null;
        if (!fields.TryGet(Field, out var metadata))
        {
            return null;
        }

        if (metadata.ValueKind != JsonValueKind.Object)
        {
            fields.Errors.Add(Field, "must be an object of strings, numbers and booleans.");
            return null;
        }

        var inner = new FieldErrors();
        var members = new JsonFields(metadata, inner);
        if (metadata.TryGetProperty("tenantId", out var tenant) && tenant.ValueKind == JsonValueKind.String)
        {
            tenantId = members.Optional("tenantId", LongestTenant);
        }

        var text = Compact(metadata, inner);
        foreach (var (name, messages) in inner.ToDictionary())
        {
            fields.Errors.Add(name.Length == 0 ? Field : $"{Field}.{name}", messages[0]);
        }

        return inner.IsEmpty ? text : null;
    }

    private static string? Compact(JsonElement metadata, FieldErrors errors)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        var count = 0;
        foreach (var member in metadata.EnumerateObject())
        {
            if (member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                errors.Add("", "must be an object of strings, numbers and booleans.");
                return null;
            }

            if (member.Value.ValueKind == JsonValueKind.Null || !IsClean(member, errors))
            {
                continue;
            }

            member.WriteTo(writer);
            count++;
        }

        writer.WriteEndObject();
        writer.Flush();
        if (count > MostMembers)
        {
            errors.Add("", $"has more than {MostMembers} members.");
        }

        if (buffer.WrittenCount > MostBytes)
        {
            errors.Add("", "is larger than 4 KiB.");
        }

        return count == 0 ? null : Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static bool IsClean(JsonProperty member, FieldErrors errors)
    {
        var text = member.Name;
        if (member.Value.ValueKind == JsonValueKind.String && !JsonFields.TryText(member.Value, out text))
        {
            errors.Add("", "has text that is not valid Unicode.");
            return false;
        }

        if (text.AsSpan().ContainsAnyInRange('\u0000', '\u001f') || member.Name.AsSpan().ContainsAnyInRange('\u0000', '\u001f'))
        {
            errors.Add("", "contains control characters.");
            return false;
        }

        return true;
    }
}
