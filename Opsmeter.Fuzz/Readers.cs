using System.Text;
using System.Text.Json;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Ingest;
using Opsmeter.Web.Policy;

namespace Opsmeter.Fuzz;

/// <summary>
/// Every reader of a body. An input's first byte chooses the reader, 0 to 7 as a digit, the rest is the body. Whatever a
/// body says, none of them may throw.
/// </summary>
internal static class Readers
{
    private const int MostBytes = 256 * 1024;
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 14, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Retention = TimeSpan.FromDays(90);
    private static readonly IngestLimits Limits = new();

    /// <summary>Reads one input.</summary>
    /// <exception cref="InvalidOperationException">A reader both took and refused it.</exception>
    public static void Read(byte[] input)
    {
        if (input.Length == 0)
        {
            return;
        }

        var body = input.AsMemory(1);
        switch (input[0] & 7)
        {
            case 0:
                Row(body.Span);
                break;
            case 1:
                BatchReader.Read(body.Span, BodyFormats.Json, Now, Retention, Limits);
                break;
            case 2:
                BatchReader.Read(body.Span, BodyFormats.NdJson, Now, Retention, Limits);
                break;
            case 3:
                Drafts(body);
                break;
            case 4:
                Document(body, isYaml: false);
                break;
            case 5:
                Document(body, isYaml: true);
                break;
            case 6:
                Sent(body, "application/json", "gzip");
                break;
            default:
                Headed(body);
                break;
        }
    }

    private static void Row(ReadOnlySpan<byte> body)
    {
        var reading = RequestReader.Read(body, Now, Retention);
        if (reading.IsValid == (reading.Errors is { Count: > 0 }))
        {
            throw new InvalidOperationException("A row is taken or refused, one of the two.");
        }
    }

    private static void Drafts(ReadOnlyMemory<byte> body)
    {
        if (!JsonBody.TryParse(body, out var document, out _))
        {
            return;
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return;
            }

            foreach (var read in new Func<DraftFields, object>[] { DraftReader.Budget, DraftReader.Tier, DraftReader.Channel, DraftReader.Escalation, DraftReader.Settings, DraftReader.Increase })
            {
                var errors = new FieldErrors();
                read(new DraftFields(document.RootElement, errors));
                errors.ToDictionary();
            }
        }
    }

    private static void Document(ReadOnlyMemory<byte> body, bool isYaml)
    {
        var (draft, errors) = PolicyDocumentApi.Parse(body, isYaml);
        if ((draft is null) != (errors.Count > 0))
        {
            throw new InvalidOperationException("A document is taken or refused, one of the two.");
        }
    }

    // Two lines of headers, then the body.
    private static void Headed(ReadOnlyMemory<byte> input)
    {
        var type = input.Span.IndexOf((byte)'\n');
        var encoding = type < 0 ? -1 : input.Span[(type + 1)..].IndexOf((byte)'\n');
        if (encoding >= 0)
        {
            Sent(input[(type + encoding + 2)..], Encoding.Latin1.GetString(input.Span[..type]), Encoding.Latin1.GetString(input.Span.Slice(type + 1, encoding)));
        }
    }

    private static void Sent(ReadOnlyMemory<byte> body, string type, string encoding)
    {
        var context = new DefaultHttpContext();
        context.Request.ContentType = type;
        context.Request.Headers.ContentEncoding = encoding;
        context.Request.Body = new MemoryStream(body.ToArray());
        using var reading = BodyReader.ReadAsync(context.Request, MostBytes, BodyFormats.Json | BodyFormats.NdJson | BodyFormats.Yaml).AsTask().GetAwaiter().GetResult();
        reading.TryGetRefusal(out _);
        Row(reading.Bytes.Span);
    }
}
