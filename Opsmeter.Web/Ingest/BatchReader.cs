using System.Text.Json;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Ingest;

/// <summary>Reads a JSON array or one JSON value a line. Each row stands alone: a bad one never loses the others.</summary>
internal static class BatchReader
{
    private static readonly JsonDocumentOptions LineOptions = new() { MaxDepth = 64 };

    /// <summary>Reads a batch.</summary>
    /// <param name="body">The body.</param>
    /// <param name="mostRows">The most rows, good and bad.</param>
    /// <param name="readRow">Reads one row, or says what is wrong with it.</param>
    public static Batch Read(Body body, int mostRows, Func<JsonElement, FieldErrors, LedgerRow?> readRow)
    {
        var bytes = body.Bytes;
        var first = bytes.Span.TrimStart(" \t\r\n"u8);
        if (first.IsEmpty)
        {
            return Batch.Of(Problems.Malformed("The body is empty. Send a JSON array of rows, or one row a line."));
        }

        return first[0] == (byte)'[' && !body.IsNdjson ? ReadArray(bytes, mostRows, readRow) : ReadLines(bytes, mostRows, readRow);
    }

    private static Batch ReadArray(ReadOnlyMemory<byte> bytes, int mostRows, Func<JsonElement, FieldErrors, LedgerRow?> readRow)
    {
        if (!JsonBody.TryParse(bytes, out var document, out var problem))
        {
            return Batch.Of(problem);
        }

        using (document)
        {
            if (document.RootElement.GetArrayLength() > mostRows)
            {
                return TooMany(mostRows);
            }

            var batch = new Batch();
            var index = 0;
            foreach (var element in document.RootElement.EnumerateArray())
            {
                batch.Take(index++, element, readRow);
            }

            return batch;
        }
    }

    private static Batch ReadLines(ReadOnlyMemory<byte> bytes, int mostRows, Func<JsonElement, FieldErrors, LedgerRow?> readRow)
    {
        var batch = new Batch();
        var index = 0;
        while (!bytes.IsEmpty)
        {
            var end = bytes.Span.IndexOf((byte)'\n');
            var line = (end < 0 ? bytes : bytes[..end]).Trim((byte)' ').Trim((byte)'\r').Trim((byte)'\t');
            bytes = end < 0 ? default : bytes[(end + 1)..];
            if (line.IsEmpty)
            {
                continue;
            }

            if (index >= mostRows)
            {
                return TooMany(mostRows);
            }

            try
            {
                using var document = JsonDocument.Parse(line, LineOptions);
                batch.Take(index, document.RootElement, readRow);
            }
            catch (JsonException)
            {
                var errors = new FieldErrors();
                errors.Add("", "The line is not valid JSON, or is nested too deep.");
                batch.Rejected.Add(new RejectedRow(index, null, errors.ToDictionary()));
            }

            index++;
        }

        return batch;
    }

    private static Batch TooMany(int mostRows) =>
        Batch.Of(Problems.TooLarge($"A batch takes at most {mostRows:N0} rows. Send the rest in another."));

    /// <summary>The rows of a batch with their places, and those that were not taken.</summary>
    internal sealed class Batch
    {
        public IResult? Problem { get; private init; }

        public List<(int Index, LedgerRow Row)> Rows { get; } = [];

        public List<RejectedRow> Rejected { get; } = [];

        public static Batch Of(IResult problem) => new() { Problem = problem };

        public void Take(int index, JsonElement element, Func<JsonElement, FieldErrors, LedgerRow?> readRow)
        {
            var errors = new FieldErrors();
            if (readRow(element, errors) is { } row)
            {
                Rows.Add((index, row));
            }
            else
            {
                Rejected.Add(new RejectedRow(index, IdOf(element), errors.ToDictionary()));
            }
        }

        private static string? IdOf(JsonElement element) =>
            element.ValueKind == JsonValueKind.Object && element.TryGetProperty("externalRequestId", out var id)
            && id.ValueKind == JsonValueKind.String && JsonFields.TryText(id, out var text) && text.Length <= 128
                ? text
                : null;
    }
}
