using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Opsmeter.Tests.Support;

/// <summary>Sends JSON text and reads JSON back, as a caller without our types would.</summary>
internal static class HttpJson
{
    /// <summary>Posts a body.</summary>
    public static Task<JsonAnswer> PostAsync(this HttpClient client, string path, string json, string type = "application/json") =>
        client.SendAsync(HttpMethod.Post, path, json, type: type);

    /// <summary>Reads a resource.</summary>
    public static Task<JsonAnswer> ReadAsync(this HttpClient client, string path) => client.SendAsync(HttpMethod.Get, path, null);

    /// <summary>Sends a request and reads the whole answer.</summary>
    public static async Task<JsonAnswer> SendAsync(
        this HttpClient client, HttpMethod method, string path, string? json, string? ifMatch = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var isJson = answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;
        return new JsonAnswer(
            (int)answer.StatusCode,
            isJson && text.Length > 0 ? JsonDocument.Parse(text).RootElement.Clone() : default,
            text,
            answer.Headers.ETag?.ToString(),
            answer.Headers.Location?.ToString());
    }
}

/// <summary>An answer, read whole.</summary>
internal sealed record JsonAnswer(int Status, JsonElement Body, string Text, string? ETag, string? Location)
{
    /// <summary>A member of the body.</summary>
    public JsonElement this[string name] => Body.GetProperty(name);
}
