namespace Opsmeter.Web.Hosting;

/// <summary>What a body's <c>Content-Type</c> says it is.</summary>
[Flags]
public enum BodyFormats
{
    /// <summary>Nothing that is understood.</summary>
    None = 0,

    /// <summary><c>application/json</c>, <c>text/json</c> and <c>application/…+json</c>.</summary>
    Json = 1,

    /// <summary>One JSON value a line: <c>application/x-ndjson</c>, <c>application/ndjson</c>, <c>application/jsonl</c>.</summary>
    NdJson = 2,

    /// <summary><c>application/yaml</c>, <c>application/x-yaml</c> and <c>text/yaml</c>.</summary>
    Yaml = 4,
}
