using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace Opsmeter.Tests.Web.Malformed;

/// <summary>Bodies that every route refuses, made from one that it takes.</summary>
internal static class MalformedBodies
{
    /// <summary>YAML that is no document; some of it made the scanner throw what it does not say it throws.</summary>
    public static readonly ImmutableArray<string> Yaml =
    [
        "", "a", "- 1", "...\ta", "... - ", "... &a", "- {\n\u0085a", "---: {? a? \r!!str ", "? {&a\u0085\u00851]+", "a: [1", "a: {b", "a: \"b", "a: 'b", "a: *b", "a: &b 1", "a: !!int 1",
        "a: 1\na: 2", "? [a]\n: 1", "a: \"\\uD800\"", "\"\\uD800\": 1", "a: \"\\UFFFFFFFF\"", "%YAML 9.9\n---\na: 1", "%TAG ! !\n%TAG ! !\n--- a", "---\na: 1\n---\nb: 1", "a:\n\t- 1", "a: |99999999999\n b",
        "budgets: 1", "defaultTier: 1e400", "defaultTier: .inf", "\0", "a: \0", new string('[', 40_000), new string('{', 40_000), string.Concat(Enumerable.Repeat("- ", 20_000)),
    ];

    // What no value is; beside them texts and numbers in spellings of other languages.
    private static readonly string[] NoValues =
    [
        "NaN", "Infinity", "-Infinity", "nul", "True", "undefined", "01", "+1", ".5", "1.", "1e", "0x10", "1_000", "--1", "'a'", "\"\\x41\"", "\"\\u00\"", "\"\\\"", "\"a\tb\"", "\"a\nb\"", "\"a\u0001b\"",
        "[1,]", "[,1]", "[1 2]", "{\"a\":1,}", "{\"a\"}", "{a:1}", "{1:1}", "[", "{", "[}", "/**/1", "1//", "\"open", "",
    ];

    private static readonly byte[][] NoUtf8 = [[0xC3, 0x28], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xE2, 0x82], [0x80], [0xF0, 0x82, 0x82, 0xAC]];

    /// <summary>The bodies for one route.</summary>
    /// <param name="route">The route.</param>
    public static IEnumerable<MalformedBody> Of(MalformedRoute route)
    {
        var good = route.IsBatch ? route.Body[1..^1] : route.Body;
        var bodies = Texts(good).Concat(Members(good)).Concat(Bytes(good));
        if (route.IsBatch)
        {
            bodies = bodies.Where(body => body.Bytes is not [(byte)' ']).Select(body => body with { Bytes = [(byte)'[', .. body.Bytes, (byte)']'] }).Append(new("no array", "1"u8.ToArray())).Append(new("an array that is open", "[{}"u8.ToArray()));
        }

        if (route.Required is { } name)
        {
            bodies = bodies.Append(Text("wrong case", route.Body.Replace($"\"{name}\":", $"\"{name.ToUpperInvariant()}\":", StringComparison.Ordinal)));
        }

        return bodies.Concat(Whole(route));
    }

    private static IEnumerable<MalformedBody> Texts(string good)
    {
        foreach (var text in new[] { " ", "null", "true", "1", "\"a\"", "[[]]", good[..^1], good + good, good + ",", good + "//", good.Replace('"', '\''), good + "\0", "/**/" + good, "{}{}" })
        {
            yield return Text($"instead: {Short(text)}", text);
        }

        foreach (var value in NoValues)
        {
            yield return Text($"a member with {Short(value)}", $$"""{"zz":{{value}},{{good[1..]}}""");
        }

        foreach (var depth in new[] { 64, 5_000 })
        {
            yield return Text($"{depth} lists in lists", $$"""{"zz":{{new string('[', depth)}}{{new string(']', depth)}},{{good[1..]}}""");
            yield return Text($"{depth} objects in objects", $$"""{"zz":{{string.Concat(Enumerable.Repeat("{\"a\":", depth))}}1{{new string('}', depth)}},{{good[1..]}}""");
        }
    }

    private static IEnumerable<MalformedBody> Members(string good)
    {
        foreach (var (name, value) in JsonNode.Parse(good)!.AsObject())
        {
            if (value is null)
            {
                continue;
            }

            yield return Text($"{name} twice", $$"""{"{{name}}":{{value.ToJsonString()}},{{good[1..]}}""");
            yield return Text($"{name} of another type", With(good, name, value is JsonValue ? """{"a":[]}""" : "1"));
            if (value is JsonValue scalar)
            {
                var kind = scalar.GetValueKind();
                foreach (var wrong in kind == System.Text.Json.JsonValueKind.Number ? ["\"1\"", "\"NaN\"", "true"] : new[] { "1", "true", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00\\ud800\"" })
                {
                    if (wrong != "true" || kind is not (System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False))
                    {
                        yield return Text($"{name} is {wrong}", With(good, name, wrong));
                    }
                }
            }

            if (value.GetValueKind() == System.Text.Json.JsonValueKind.Number)
            {
                foreach (var number in new[] { "1e400", "-1e400", "1e999999999", "1e28", "-1", new string('9', 100), "-0.0000000000000000000000000000000001", "9223372036854775808" })
                {
                    yield return Text($"{name} is {Short(number)}", With(good, name, number)) with { MayBeMissing = true };
                }
            }
        }
    }

    private static IEnumerable<MalformedBody> Bytes(string good)
    {
        foreach (var broken in NoUtf8)
        {
            var hex = Convert.ToHexString(broken);
            yield return new($"{hex} in a member that is ignored", [.. "{\"zz\":\""u8, .. broken, .. "\","u8, .. Encoding.UTF8.GetBytes(good[1..])]);
            yield return new($"{hex} in a name", [.. "{\"z"u8, .. broken, .. "\":1,"u8, .. Encoding.UTF8.GetBytes(good[1..])]);
            yield return new($"{hex} in front", [.. broken, .. Encoding.UTF8.GetBytes(good)]);
        }

        yield return new("UTF-16", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(good)]);
        yield return new("UTF-16, big end first", [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(good)]);
        yield return new("UTF-32", [.. Encoding.UTF32.GetPreamble(), .. Encoding.UTF32.GetBytes(good)]);
        yield return new("two byte order marks", [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(good)]);
    }

    private static IEnumerable<MalformedBody> Whole(MalformedRoute route)
    {
        var good = Encoding.UTF8.GetBytes(route.Body);
        yield return new("nothing", []);
        yield return new("too large", [.. "{\"zz\":\""u8, .. Enumerable.Repeat((byte)'a', route.MostBytes), .. "\"}"u8], 413);
        foreach (var type in new[] { null, "text/plain", "application/xml", "json", "application/json; charset=bogus", "application/json; charset=utf-16", "application/json;charset=latin1", "multipart/form-data", "application/json, text/json" })
        {
            yield return new($"type {type}", good, 415, type);
        }

        var packed = Gzip(good);
        foreach (var encoding in new[] { "br", "deflate", "bogus", "gzip, gzip", "gzip, br", "chunked", "gzip;q=1" })
        {
            yield return new($"encoding {encoding}", packed, 415, Encoding: encoding);
        }

        yield return new("gzip that is none", good, Encoding: "gzip");
        yield return new("gzip cut off", packed[..^9], Encoding: "gzip");
        yield return new("gzip with a wrong sum", [.. packed[..^8], .. packed[^8..].Select(value => (byte)(value ^ 0xFF))], Encoding: "gzip");
        yield return new("gzip twice, said once", Gzip(packed), Encoding: "gzip");
        yield return new("gzip and more", [.. packed, 1, 2, 3], Encoding: "gzip");
        yield return new("gzip of very much", Gzip(new byte[route.MostBytes * 4]), 413, Encoding: "gzip");
        if (route.TakesYaml)
        {
            foreach (var yaml in Yaml)
            {
                yield return Text($"YAML {Short(yaml)}", yaml) with { Type = "application/yaml" };
            }

            yield return new("YAML of broken bytes", [.. "a: "u8, 0xC3, 0x28], Type: "application/yaml");
        }
    }

    /// <summary>Bytes as gzip.</summary>
    public static byte[] Gzip(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }

    private static MalformedBody Text(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    private static string With(string good, string name, string value)
    {
        var members = JsonNode.Parse(good)!.AsObject().Where(member => member.Key != name).Select(member => $"\"{member.Key}\":{member.Value?.ToJsonString() ?? "null"}");
        return $$"""{{{string.Join(',', members.Append($"\"{name}\":{value}"))}}}""";
    }

    private static string Short(string text) => System.Text.Json.JsonSerializer.Serialize(text.Length > 30 ? text[..30] + "…" : text);
}
