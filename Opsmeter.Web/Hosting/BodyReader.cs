using System.Buffers;
using System.IO.Compression;
using Microsoft.Net.Http.Headers;

namespace Opsmeter.Web.Hosting;

/// <summary>A body read whole, within a limit; or the problem to answer with. Dispose to give the buffer back.</summary>
public sealed class Body : IDisposable
{
    private byte[]? _buffer;
    private readonly int _start;
    private readonly int _length;

    private Body(byte[]? buffer, int start, int length, bool isNdjson, IResult? problem) =>
        (_buffer, _start, _length, IsNdjson, Problem) = (buffer, start, length, isNdjson, problem);

    /// <summary>What to answer where the body could not be read, else null.</summary>
    public IResult? Problem { get; }

    /// <summary>True when the content type says one JSON value a line.</summary>
    public bool IsNdjson { get; }

    /// <summary>The bytes, decompressed, without a byte order mark.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(_start, _length);

    /// <summary>Reads a JSON body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="mostBytes">The most bytes after decompression.</param>
    public static async Task<Body> ReadAsync(HttpRequest request, int mostBytes)
    {
        if (TypeProblem(request.ContentType, out var isNdjson) is { } wrongType)
        {
            return new Body(null, 0, 0, false, wrongType);
        }

        var encoding = request.Headers.ContentEncoding.ToString().Trim();
        if (encoding.Length > 0 && !encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase)
            && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return new Body(null, 0, 0, false, Problems.UnsupportedMediaType("Content-Encoding may be gzip or absent."));
        }

        if (request.ContentLength > mostBytes)
        {
            return new Body(null, 0, 0, false, TooLarge(mostBytes));
        }

        return encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase)
            ? await ReadCompressedAsync(request, mostBytes, isNdjson)
            : await ReadToEndAsync(request.Body, mostBytes, isNdjson, request.ContentLength, request.HttpContext.RequestAborted);
    }

    public void Dispose()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<Body> ReadCompressedAsync(HttpRequest request, int mostBytes, bool isNdjson)
    {
        await using var gzip = new GZipStream(request.Body, CompressionMode.Decompress);
        try
        {
            return await ReadToEndAsync(gzip, mostBytes, isNdjson, null, request.HttpContext.RequestAborted);
        }
        catch (InvalidDataException)
        {
            return new Body(null, 0, 0, false, Problems.Malformed("The body says gzip but does not decompress."));
        }
    }

    private static async Task<Body> ReadToEndAsync(
        Stream stream, int mostBytes, bool isNdjson, long? length, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(mostBytes, length ?? 4_096) + 1);
        var count = 0;
        try
        {
            while (true)
            {
                if (count == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, count).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                var read = await stream.ReadAsync(buffer.AsMemory(count), cancellation);
                count += read;
                if (count > mostBytes)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    return new Body(null, 0, 0, false, TooLarge(mostBytes));
                }

                if (read == 0)
                {
                    var start = count >= 3 && buffer[0] == 0xEF && buffer[1] == 0xBB && buffer[2] == 0xBF ? 3 : 0;
                    return new Body(buffer, start, count - start, isNdjson, null);
                }
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private static IResult? TypeProblem(string? contentType, out bool isNdjson)
    {
        isNdjson = false;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type))
        {
            return Problems.UnsupportedMediaType("Send Content-Type: application/json.");
        }

        var name = type.MediaType.Value ?? "";
        isNdjson = name.Equals("application/x-ndjson", StringComparison.OrdinalIgnoreCase)
            || name.Equals("application/jsonl", StringComparison.OrdinalIgnoreCase);
        var isJson = name.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || name.Equals("text/json", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
        if (!isJson && !isNdjson)
        {
            return Problems.UnsupportedMediaType("Send Content-Type: application/json or application/x-ndjson.");
        }

        var charset = type.Charset.Value?.Trim('"');
        return string.IsNullOrEmpty(charset) || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase)
            ? null
            : Problems.UnsupportedMediaType("The body has to be UTF-8.");
    }

    private static IResult TooLarge(int mostBytes) =>
        Problems.TooLarge($"This route takes at most {mostBytes / 1024:N0} KiB after decompression.");
}
