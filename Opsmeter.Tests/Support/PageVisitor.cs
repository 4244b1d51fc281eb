using System.Text.RegularExpressions;

namespace Opsmeter.Tests.Support;

/// <summary>A browser without scripts: keeps cookies, follows nothing, and posts forms as they stand on the page.</summary>
internal sealed partial class PageVisitor(HttpClient client)
{
    /// <summary>Reads a page.</summary>
    public async Task<(int Status, string? Location, string Text)> OpenAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html");
        using var answer = await client.SendAsync(request);
        return ((int)answer.StatusCode, answer.Headers.Location?.ToString(), await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Opens a page with one form, fills it in and posts it.</summary>
    public async Task<(int Status, string? Location, string Text)> SubmitAsync(string path, params (string Name, string Value)[] fields)
    {
        var (_, _, page) = await OpenAsync(path);
        var hidden = HiddenFields().Matches(page)
            .Select(match => (Name: Attribute(match.Value, "name"), Value: Attribute(match.Value, "value")))
            .Where(field => field.Name.Length > 0);
        using var content = new FormUrlEncodedContent(hidden.Concat(fields).Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var answer = await client.PostAsync(path, content);
        return ((int)answer.StatusCode, answer.Headers.Location?.ToString(), await answer.Content.ReadAsStringAsync());
    }

    private static string Attribute(string tag, string name) =>
        System.Net.WebUtility.HtmlDecode(Regex.Match(tag, $"{name}=\"([^\"]*)\"").Groups[1].Value);

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>")]
    private static partial Regex HiddenFields();
}
