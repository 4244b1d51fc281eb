using System.Buffers;
using System.Text.Json;

namespace Opsmeter.Web.Hosting;

/// <summary>
/// An answer of the routes that apps call with every request of theirs. It is written whole into a buffer that its thread
/// keeps, and sent with its length in one piece: half the work of writing through the response's stream.
/// </summary>
internal abstract class BufferedAnswer : IResult
{
    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var (buffer, writer) = JsonBuffer.Take();
        Write(writer);
        writer.Flush();
        var response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = buffer.WrittenCount;
        response.BodyWriter.Write(buffer.WrittenSpan);
        JsonBuffer.Return(buffer);
        return response.BodyWriter.FlushAsync(httpContext.RequestAborted).AsTask();
    }

    /// <summary>Writes the one value that is answered.</summary>
    protected abstract void Write(Utf8JsonWriter json);
}
