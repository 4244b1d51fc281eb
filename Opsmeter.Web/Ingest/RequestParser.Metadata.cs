using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Opsmeter.Web.Ingest;

/// <content>The free-form part of a row: checked, then written anew without space and without null members.</content>
internal ref partial struct RequestParser
{
    private const int MaxMetadataMembers = 20;
    private const int MaxMetadataBytes = 4096;
    private const string TenantIdMember = "tenantId";

    // Text is encoded where it is shown; escaping here would only make it longer than what was sent.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private bool Metadata(out string? metadata)
    {
        metadata = null;
        if (_reader.TokenType == JsonTokenType.Null)
        {
            return false;
        }

        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            Refuse("Must be an object of strings, numbers and booleans.");
            return true;
        }

        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer, Compact);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var kept = 0;
        var full = false;
        writer.WriteStartObject();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            // Past a limit the row is lost: the rest is only skipped, so that it costs nothing.
            var name = full ? null : MetadataText();
            _reader.Read();
            if (name is not null && !names.Add(name))
            {
                Fail("A member is given twice; send it once.");
            }

            kept += name is not null && KeepMember(writer, name) ? 1 : 0;
            Skip();
            if (_halted)
            {
                return true;
            }

            full = full || IsFull(kept, writer.BytesCommitted + writer.BytesPending);
        }

        writer.WriteEndObject();
        writer.Flush();
        metadata = kept == 0 ? null : Encoding.UTF8.GetString(buffer.WrittenSpan);
        return true;
    }

    private bool IsFull(int kept, long bytes)
    {
        if (kept > MaxMetadataMembers)
        {
            Fail("Must have at most 20 members.");
            return true;
        }

        // The closing brace is still to come.
        if (bytes + 1 > MaxMetadataBytes)
        {
            Fail("Must be at most 4 KiB.");
            return true;
        }

        return false;
    }

    // True when the member was written; a null is dropped, anything else is refused.
    private bool KeepMember(Utf8JsonWriter writer, string name)
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.String when MetadataText() is { } text:
                writer.WriteString(name, text);
                if (name == TenantIdMember)
                {
                    _metadataTenantId = text;
                }

                return true;
            case JsonTokenType.Number:
                writer.WritePropertyName(name);
                writer.WriteRawValue(_reader.ValueSpan, skipInputValidation: true);
                return true;
            case JsonTokenType.True or JsonTokenType.False:
                writer.WriteBoolean(name, _reader.TokenType == JsonTokenType.True);
                return true;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                Fail("Must hold strings, numbers and booleans only, no objects or arrays.");
                return false;
            default:
                return false;
        }
    }

    // The name or text that the tokenizer stands on, or null when it was refused.
    private string? MetadataText()
    {
        if (_reader.ValueSpan.Length > MaxMetadataBytes * BytesPerEscape)
        {
            Fail("Must be at most 4 KiB.");
            return null;
        }

        try
        {
            var text = _reader.GetString()!;
            if (!HasControl(text))
            {
                return text;
            }

            Fail(ControlCharacter);
        }
        catch (InvalidOperationException)
        {
            Fail(NotUnicode);
        }

        return null;
    }

    private string? MetadataTenant()
    {
        if (_metadataTenantId is { Length: > MaxText })
        {
            Fail("metadata.tenantId", TooLong(MaxText));
        }

        return string.IsNullOrEmpty(_metadataTenantId) ? null : _metadataTenantId;
    }
}
