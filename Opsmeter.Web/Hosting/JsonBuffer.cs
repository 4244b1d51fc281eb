using System.Buffers;
using System.Text.Json;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Hosting;

/// <summary>The buffer that a thread writes its answers into.</summary>
internal static class JsonBuffer
{
    private const int FirstBytes = 4 * 1024;
    private const int KeptBytes = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <summary>This thread's buffer, empty, and a writer over it.</summary>
    public static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer) Take()
    {
        _buffer ??= new ArrayBufferWriter<byte>(FirstBytes);
        _buffer.ResetWrittenCount();
        if (_writer is null)
        {
            _writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = DocumentJson.Options.Encoder });
        }
        else
        {
            _writer.Reset(_buffer);
        }

        return (_buffer, _writer);
    }

    /// <summary>Lets go of a buffer that one large answer has grown.</summary>
    public static void Return(ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity > KeptBytes)
        {
            (_buffer, _writer) = (null, null);
        }
    }
}
