using System.Collections.Immutable;
using System.Text;

namespace Opsmeter.Tests.Web.Malformed;

/// <summary>Requests that no HTTP client of a library sends: what is wrong is the envelope, not the body.</summary>
internal static class RawRequests
{
    private const string Body = """{"endpointTag":"a"}""";
    private const string Chunks = "13\r\n" + Body + "\r\n0\r\n\r\n";
    private const string Chunked = "Transfer-Encoding: chunked";
    private const string Length = "Content-Length: 19";

    /// <summary>Each with what it is and the status that it gets; KEY in it stands for a key.</summary>
    public static readonly ImmutableArray<(string Name, string Text, int Status)> All =
    [
        ("a chunk's length past 64 bits", Post(Chunked, $"FFFFFFFFFFFFFFFFFFFF\r\n{Body}\r\n0\r\n\r\n"), 400),
        ("a chunk's length past 32 bits", Post(Chunked, $"FFFFFFFF\r\n{Body}\r\n0\r\n\r\n"), 400),
        ("a later chunk's length past 64 bits", Post(Chunked, $"1\r\n{{\r\nFFFFFFFFFFFFFFFFFFFF\r\n{Body}"), 400),
        ("the same as gzip", Post(Chunked + "\r\nContent-Encoding: gzip", "FFFFFFFFFFFFFFFFFFFF\r\n"), 400),
        ("a chunk's length below zero", Post(Chunked, $"-1\r\n{Body}\r\n0\r\n\r\n"), 400),
        ("a chunk's length that is no number", Post(Chunked, $"zz\r\n{Body}\r\n0\r\n\r\n"), 400),
        ("a line feed in a chunk's extension", Post(Chunked, $"13;a\nb\r\n{Body}\r\n0\r\n\r\n"), 400),
        ("a chunk's line that ends with a line feed", Post(Chunked, $"13;a=b\n{Body}\r\n0\r\n\r\n"), 400),
        ("a folded trailer", Post(Chunked, $"13\r\n{Body}\r\n0\r\nA: b\r\n c\r\n\r\n"), 400),
        ("chunks and a length", Post(Chunked + "\r\nContent-Length: 5", Chunks), 400),
        ("a length and chunks", Post("Content-Length: 5\r\n" + Chunked, Chunks), 400),
        ("gzip below the chunks", Post("Transfer-Encoding: gzip, chunked", Chunks), 400),
        ("an unknown transfer", Post("Transfer-Encoding: bogus", Chunks), 400),
        ("chunks that are not last", Post("Transfer-Encoding: chunked, identity", Chunks), 400),
        ("two transfers", Post(Chunked + "\r\n" + Chunked, Chunks), 400),
        ("two lengths", Post(Length + "\r\n" + Length, Body), 400),
        ("two lengths in one", Post("Content-Length: 19, 19", Body), 400),
        ("a length below zero", Post("Content-Length: -1", Body), 400),
        ("a length past 64 bits", Post("Content-Length: 99999999999999999999", Body), 400),
        ("the largest length", Post("Content-Length: 9223372036854775807", Body), 413),
        ("a length with a space before its colon", Post("Content-Length : 19", Body), 400),
        ("a folded header", Post("X-A: b\r\n c\r\n" + Length, Body), 400),
        ("U+0000 in a header", Post("X-A: a\0b\r\n" + Length, Body), 400),
        ("a carriage return in a header", Post("X-A: a\rb\r\n" + Length, Body), 400),
        ("a header without a colon", Post("X-A\r\n" + Length, Body), 400),
        ("a large header", Post($"X-A: {new string('a', 40_000)}\r\n" + Length, Body), 431),
        ("many headers", Post(string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: a\r\n")) + Length, Body), 431),
        ("a long target", Request($"GET /v1/key?a={new string('a', 20_000)} HTTP/1.1", ""), 414),
        ("a whole address for a target", Request("GET http://localhost/v1/key HTTP/1.1", ""), 400),
        ("the address of another host", Request("GET http://evil.example/v1/key HTTP/1.1", ""), 400),
        ("a method in small letters", Request("post /v1/decisions HTTP/1.1", Length + "\r\n", Body), 400),
        ("a method in mixed letters", Request("Post /v1/decisions HTTP/1.1", Length + "\r\n", Body), 400),
        ("a page's method in small letters", Request("post /account/sign-out HTTP/1.1", "Content-Length: 0\r\n"), 400),
        ("no host", "GET /v1/key HTTP/1.1\r\nX-API-Key: KEY\r\n\r\n", 400),
        ("two hosts", Request("GET /v1/key HTTP/1.1", "Host: other\r\n"), 400),
        ("U+0000 in the path", Request("GET /v1/key%00 HTTP/1.1", ""), 400),
        ("two spaces in the first line", Request("GET  /v1/key HTTP/1.1", ""), 400),
        ("no version", Request("GET /v1/key", ""), 400),
        ("TLS", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u00fc\r\n\r\n", 400),
    ];

    /// <summary>One that is answered with 200, and its connection kept.</summary>
    public static string Good => Post(Length, Body);

    /// <summary>The same, but the last on its connection.</summary>
    public static string Last => Post(Length + "\r\nConnection: close", Body);

    /// <summary>The bytes of one.</summary>
    /// <param name="text">Its text, of Latin-1.</param>
    /// <param name="key">The key to send.</param>
    public static byte[] Bytes(string text, string key) => Encoding.Latin1.GetBytes(text.Replace("KEY", key, StringComparison.Ordinal));

    private static string Post(string headers, string body) => Request("POST /v1/decisions HTTP/1.1", headers + "\r\n", body);

    private static string Request(string line, string headers, string body = "") =>
        $"{line}\r\nHost: localhost\r\nX-API-Key: KEY\r\nContent-Type: application/json\r\n{headers}\r\n{body}";
}
