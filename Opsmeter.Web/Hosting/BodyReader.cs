using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Opsmeter.Web.Hosting;

/// <summary>
/// Reads a request's body into a pooled buffer within a limit. Whatever a sender does (a false length, a gzip bomb, a charset
/// that does not exist, hanging up) comes back as a <see cref="BodyProblem"/>, never as an exception.
/// </summary>
public static class BodyReader
{
    // A sender may announce megabytes and send nothing, so room grows with what has arrived.
    private const int FirstBuffer = 16 * 1024;

    /// <summary>Reads the body of a request.</summary>
    /// <param name="request">The request; its body is consumed.</param>
    /// <param name="maxBytes">The most bytes allowed, as sent and after decompression.</param>
    /// <param name="accepted">The formats that the endpoint understands.</param>
    /// <param name="cancellation">Stops reading; counted as the client's leaving, which is the default.</param>
    public static async ValueTask<BodyReading> ReadAsync(
        HttpRequest request,
        int maxBytes,
        BodyFormats accepted = BodyFormats.Json | BodyFormats.NdJson,
        CancellationToken cancellation = default)
    {
        if (FormatOf(request, accepted, out var format) is { } unsupported)
        {
            return BodyReading.Refused(BodyProblem.UnsupportedMediaType, unsupported);
        }

        if (EncodingOf(request.Headers.ContentEncoding, out var gzip) is { } unknown)
        {
            return BodyReading.Refused(BodyProblem.UnsupportedMediaType, unknown);
        }

        if (request.ContentLength > maxBytes)
        {
            return TooLarge(maxBytes);
        }

        Limit(request, maxBytes);
        cancellation = cancellation.CanBeCanceled ? cancellation : request.HttpContext.RequestAborted;
        try
        {
            if (!gzip)
            {
                return await FillAsync(request.Body, format, maxBytes, cancellation);
            }

            var input = new GzipInput(request.Body, maxBytes);
            await using var plain = new GZipStream(input, CompressionMode.Decompress, leaveOpen: true);
            var reading = await FillAsync(plain, format, maxBytes, cancellation);
            if (reading.Problem != BodyProblem.None || input.IsComplete(reading.Plain))
            {
                return reading;
            }

            reading.Dispose();
            return BadGzip();
        }
        catch (BadHttpRequestException bad)
        {
            return bad.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => TooLarge(maxBytes),
                StatusCodes.Status408RequestTimeout => BodyReading.Refused(BodyProblem.TimedOut),
                _ => BodyReading.Refused(BodyProblem.Malformed, "The body ended before its announced length."),
            };
        }
        catch (InvalidDataException)
        {
            return BadGzip();
        }
        catch (IOException bad) when (bad.InnerException is OverflowException)
        {
            // So the server reports a chunk whose length is past what it counts with; the sender is still there.
            return BodyReading.Refused(BodyProblem.Malformed, "A chunk's length is no length that a body can have.");
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            return BodyReading.Refused(BodyProblem.ClientGone);
        }
    }

    private static BodyReading BadGzip() => BodyReading.Refused(
        BodyProblem.Malformed, "The body is not one whole gzip file, which Content-Encoding says it is.");

    private static BodyReading TooLarge(int maxBytes) => BodyReading.Refused(
        BodyProblem.TooLarge,
        string.Create(CultureInfo.InvariantCulture, $"The body may have at most {maxBytes:N0} bytes, decompressed."));

    // The server's own limit is for all endpoints alike; this one refuses at the announced or counted length.
    private static void Limit(HttpRequest request, int maxBytes)
    {
        var feature = request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (feature is { IsReadOnly: false })
        {
            feature.MaxRequestBodySize = maxBytes;
        }
    }

    private static async ValueTask<BodyReading> FillAsync(
        Stream body, BodyFormats format, int maxBytes, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(FirstBuffer, maxBytes + 1));
        var length = 0;
        try
        {
            while (true)
            {
                if (length == buffer.Length)
                {
                    buffer = Grow(buffer, length);
                }

                var read = await body.ReadAsync(buffer.AsMemory(length), cancellation);
                if (read == 0)
                {
                    var reading = BodyReading.Read(buffer, length, format);
                    buffer = null;
                    return reading;
                }

                length += read;
                if (length > maxBytes)
                {
                    return TooLarge(maxBytes);
                }
            }
        }
        finally
        {
            if (buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private static byte[] Grow(byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static string? FormatOf(HttpRequest request, BodyFormats accepted, out BodyFormats format)
    {
        format = BodyFormats.None;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            return $"Send a Content-Type: {Names(accepted)}.";
        }

        format = type.MediaType.Value?.ToUpperInvariant() switch
        {
            "APPLICATION/JSON" or "TEXT/JSON" => BodyFormats.Json,
            "APPLICATION/X-NDJSON" or "APPLICATION/NDJSON" or "APPLICATION/JSONL" => BodyFormats.NdJson,
            "APPLICATION/YAML" or "APPLICATION/X-YAML" or "TEXT/YAML" => BodyFormats.Yaml,
            { } other when other.StartsWith("APPLICATION/", StringComparison.Ordinal)
                && other.EndsWith("+JSON", StringComparison.Ordinal) => BodyFormats.Json,
            _ => BodyFormats.None,
        };
        if ((format & accepted) == BodyFormats.None)
        {
            format = BodyFormats.None;
            return $"Send the Content-Type {Names(accepted)}.";
        }

        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        var isUtf8 = !charset.HasValue || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase);
        return isUtf8 ? null : "Send the body as UTF-8; no other charset is understood.";
    }

    private static string Names(BodyFormats accepted)
    {
        var names = new List<string>(3);
        if (accepted.HasFlag(BodyFormats.Json))
        {
            names.Add("application/json");
        }

        if (accepted.HasFlag(BodyFormats.NdJson))
        {
            names.Add("application/x-ndjson");
        }

        if (accepted.HasFlag(BodyFormats.Yaml))
        {
            names.Add("application/yaml");
        }

        return string.Join(" or ", names);
    }

    private static string? EncodingOf(StringValues header, out bool gzip)
    {
        gzip = false;
        var applied = 0;
        foreach (var value in header)
        {
            foreach (var part in (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (part.Equals("identity", StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                // x-gzip is gzip by RFC 9110.
                gzip = part.Equals("gzip", StringComparison.OrdinalIgnoreCase)
                    || part.Equals("x-gzip", StringComparison.OrdinalIgnoreCase);
                applied++;
                if (!gzip || applied > 1)
                {
                    return "Send the body as it is or compressed once with gzip.";
                }
            }
        }

        return null;
    }
}
