using System.Text;
using System.Text.Json;

namespace Opsmeter.Web.Ingest;

/// <content>The free-form part of a row: checked, then written anew without space and without null members.</content>
internal ref partial struct RequestParser
{
    private const int MaxMetadataMembers = 20;
    private const int MaxMetadataBytes = 4096;
    private const string TenantIdMember = "tenantId";

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

        var compact = new MetadataText();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var full = false;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            // Past a limit the row is lost: the rest is only skipped, so that it costs nothing.
            var name = full ? null : MemberText();
            _reader.Read();
            if (name is not null && !names.Add(name))
            {
                Fail("A member is given twice; send it once.");
            }

            if (name is not null)
            {
                KeepMember(compact, name);
            }

            Skip();
            if (_halted)
            {
                return true;
            }

            full = full || IsFull(compact);
        }

        metadata = compact.ToJson();
        return true;
    }

    private bool IsFull(MetadataText compact)
    {
        if (compact.Members > MaxMetadataMembers)
        {
            Fail("Must have at most 20 members.");
            return true;
        }

        if (compact.Bytes > MaxMetadataBytes)
        {
            Fail("Must be at most 4 KiB.");
            return true;
        }

        return false;
    }

    // A null is dropped; what is no plain value is refused.
    private void KeepMember(MetadataText compact, string name)
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.String when MemberText() is { } text:
                compact.AddText(name, text);
                if (name == TenantIdMember)
                {
                    _metadataTenantId = text;
                }

                break;
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                compact.AddLiteral(name, Encoding.ASCII.GetString(_reader.ValueSpan));
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                Fail("Must hold strings, numbers and booleans only, no objects or arrays.");
                break;
        }
    }

    // The name or text that the tokenizer stands on, or null when it was refused.
    private string? MemberText()
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
