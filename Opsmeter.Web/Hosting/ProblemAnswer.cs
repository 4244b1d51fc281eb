using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Opsmeter.Web.Hosting;

/// <summary>An error answer as RFC 9457 has it, <c>application/problem+json</c>.</summary>
public sealed class ProblemAnswer : IResult, IStatusCodeHttpResult, IContentTypeHttpResult
{
    /// <summary>The media type.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>A stable relative URI that names the kind of problem.</summary>
    public required string Type { get; init; }

    /// <summary>The kind of problem in words; the same for every occurrence.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What the sender should change this time, or null.</summary>
    public string? Detail { get; init; }

    /// <summary>Field → messages, or null.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Further members, null values included, or null.</summary>
    public IReadOnlyDictionary<string, string?>? Members { get; init; }

    /// <summary>After how many seconds to try again, or null.</summary>
    public int? RetryAfterSeconds { get; init; }

    int? IStatusCodeHttpResult.StatusCode => Status;

    string? IContentTypeHttpResult.ContentType => MediaType;

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        if (RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        await using (var writer = new Utf8JsonWriter(response.BodyWriter))
        {
            Write(writer, Activity.Current?.Id ?? httpContext.TraceIdentifier);
        }

        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }

    private void Write(Utf8JsonWriter writer, string traceId)
    {
        writer.WriteStartObject();
        writer.WriteString("type", Type);
        writer.WriteString("title", Title);
        writer.WriteNumber("status", Status);
        if (Detail is not null)
        {
            writer.WriteString("detail", Detail);
        }

        foreach (var (name, value) in Members ?? new Dictionary<string, string?>())
        {
            writer.WriteString(name, value);
        }

        if (Errors is not null)
        {
            writer.WriteStartObject("errors");
            foreach (var (field, messages) in Errors)
            {
                writer.WriteStartArray(field);
                foreach (var message in messages)
                {
                    writer.WriteStringValue(message);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        writer.WriteString("traceId", traceId);
        writer.WriteEndObject();
    }
}
