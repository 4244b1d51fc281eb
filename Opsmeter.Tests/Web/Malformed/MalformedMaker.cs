using System.Text;
using System.Text.Json.Nodes;

namespace Opsmeter.Tests.Web.Malformed;

/// <summary>Makes requests that are probably malformed: from the table, from a grammar, and from good ones with bytes changed.</summary>
/// <param name="seed">The same seed and number give the same request.</param>
internal sealed class MalformedMaker(int seed)
{
    private static readonly string[] Types = ["application/json", "application/json", "application/json", "application/yaml", "application/x-ndjson", "text/json; charset=utf-8", "application/json; charset=bogus", "text/plain", "", "a/b;;;", "application/json; charset=\"", "application/x+json"];
    private static readonly string[] Encodings = ["gzip", "gzip", "x-gzip", "identity", "br", "gzip, gzip", "", ", gzip", "identity, identity"];

    private static readonly string[] Values =
    [
        "null", "true", "0", "-0", "-1", "1e400", "-1e-400", "1e28", "0.1", "0.0000000001", "79228162514264337593543950335", "9223372036854775807", "-9223372036854775809", "\"\"", "\" \"", "\"a\"", "\"\\u0000\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"",
        "\"now-99999999999d\"", "\"2026-02-30T00:00:00Z\"", "\"9999-12-31T23:59:59+14:00\"", "\"0001-01-01T00:00:00-14:00\"", "\"day\"", "\"model\"", "\"Europe/Berlin\"", "\"../../etc\"", "\"lead@example.com\"", "\"%s%n\"", "\"'; drop table--\"", "\"*\"", "\"**.*?\"",
        "[]", "{}", "[null]", "[[[[]]]]", "{\"a\":{\"a\":{}}}", "NaN",
    ];

    private static readonly byte[][] Tokens =
    [
        [0], [0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], "\\u0000"u8.ToArray(), "\\ud800"u8.ToArray(), "{"u8.ToArray(), "}"u8.ToArray(), "["u8.ToArray(), "]"u8.ToArray(), "\""u8.ToArray(), ","u8.ToArray(), ":"u8.ToArray(), "\n"u8.ToArray(),
        "\r"u8.ToArray(), "1e999"u8.ToArray(), "-"u8.ToArray(), "99999999999999999999"u8.ToArray(), "null"u8.ToArray(), "...\t- "u8.ToArray(), "&a"u8.ToArray(), "!"u8.ToArray(), "|"u8.ToArray(), "? "u8.ToArray(), "\\"u8.ToArray(), "/*"u8.ToArray(),
    ];

    private static readonly Dictionary<MalformedRoute, MalformedBody[]> Table = MalformedRoutes.All.ToDictionary(route => route, route => MalformedBodies.Of(route).Where(body => body.Bytes.Length < 1024 * 1024).ToArray());

    /// <summary>Makes one request.</summary>
    /// <param name="number">Which; the routes take turns.</param>
    public (MalformedRoute Route, MalformedBody Body) Make(int number)
    {
        var route = MalformedRoutes.All[number % MalformedRoutes.All.Count];
        var random = RandomOf(number);
        return (route, random.Next(10) switch
        {
            0 or 1 => Table[route][random.Next(Table[route].Length)],
            2 or 3 or 4 => new("grammar", Encoding.UTF8.GetBytes(Grammar(route, number, random))),
            5 => Headed(route, number, random),
            6 when route.TakesYaml => new("YAML", Mutated(Encoding.UTF8.GetBytes(MalformedBodies.Yaml[random.Next(MalformedBodies.Yaml.Length)]), random), Type: "application/yaml"),
            _ => new("mutation", Mutated(Good(route, number), random)),
        });
    }

    /// <summary>Makes the bytes of one request that no client library sends.</summary>
    /// <param name="number">Which.</param>
    /// <param name="key">The key to send.</param>
    public byte[] MakeRaw(int number, string key)
    {
        var random = RandomOf(number);
        var bytes = RawRequests.Bytes(random.Next(3) == 0 ? RawRequests.Good : RawRequests.All[random.Next(RawRequests.All.Length)].Text, key);

        // The first line stays: of an unknown version the server rightly says 505.
        var line = Array.IndexOf(bytes, (byte)'\n') + 1;
        return random.Next(2) == 0 ? bytes : [.. bytes[..line], .. Mutated(bytes[line..], random)];
    }

    private Random RandomOf(int number) => new(unchecked((seed * 397) ^ number));

    private static byte[] Good(MalformedRoute route, int number) => Encoding.UTF8.GetBytes(route.Body.Replace("NAME", $"m{number}", StringComparison.Ordinal));

    private static MalformedBody Headed(MalformedRoute route, int number, Random random)
    {
        var (type, encoding) = (Types[random.Next(Types.Length)], Encodings[random.Next(Encodings.Length)]);
        var body = random.Next(2) == 0 ? Good(route, number) : Mutated(Good(route, number), random);
        body = encoding.Contains("gzip", StringComparison.Ordinal) ? MalformedBodies.Gzip(body) : body;
        return new($"{type} {encoding}", random.Next(3) == 0 ? Mutated(body, random) : body, Type: type, Encoding: encoding);
    }

    // A good body whose members are now and then another value, gone, or there twice.
    private static string Grammar(MalformedRoute route, int number, Random random)
    {
        var good = JsonNode.Parse(Good(route, number))!;
        return random.Next(20) == 0 ? Values[random.Next(Values.Length)] : Spell(good, random);
    }

    private static string Spell(JsonNode? node, Random random)
    {
        if (random.Next(6) == 0)
        {
            return Values[random.Next(Values.Length)];
        }

        switch (node)
        {
            case JsonObject members:
                var parts = members.Where(_ => random.Next(12) != 0).Select(member => $"\"{member.Key}\":{Spell(member.Value, random)}").ToList();
                if (parts.Count > 0 && random.Next(8) == 0)
                {
                    parts.Add(parts[random.Next(parts.Count)]);
                }

                return "{" + string.Join(',', parts) + "}";
            case JsonArray items:
                return "[" + string.Join(',', Enumerable.Repeat(items, 1 + random.Next(3)).SelectMany(list => list).Select(item => Spell(item, random))) + "]";
            default:
                return node?.ToJsonString() ?? "null";
        }
    }

    private static byte[] Mutated(byte[] good, Random random)
    {
        var bytes = new List<byte>(good);
        for (var left = 1 + random.Next(6); left > 0; left--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(random.Next(1, 20), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 3 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                default:
                    bytes.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                    break;
            }
        }

        return [.. bytes];
    }
}
