using Opsmeter.Web.Hosting;
using System.Globalization;

namespace Opsmeter.Web.Ingest;

/// <summary>Reads a batch of reported requests: a JSON array or NDJSON. Each row stands alone.</summary>
public static class BatchReader
{
    /// <summary>Reads a batch.</summary>
    /// <param name="body">The body, UTF-8.</param>
    /// <param name="format">What its sender called it; JSON that begins with an object is taken as NDJSON.</param>
    /// <param name="now">The server's clock.</param>
    /// <param name="rawRetention">How long raw rows are kept.</param>
    /// <param name="limits">The limits in force.</param>
    public static BatchReading Read(
        ReadOnlySpan<byte> body, BodyFormats format, DateTimeOffset now, TimeSpan rawRetention, IngestLimits limits)
    {
        var ranges = new List<Range>();
        switch (BatchSplitter.Split(body, format, limits.MaxBatchRows, ranges))
        {
            case BatchProblem.Malformed:
                return new BatchReading(
                    [], [], BatchProblem.Malformed, "The body must be one JSON array of objects, or one object a line.");
            case BatchProblem.TooManyRows:
                var detail = string.Create(
                    CultureInfo.InvariantCulture,
                    $"A batch may have at most {limits.MaxBatchRows:N0} rows; send it in parts. Nothing of it was kept.");
                return new BatchReading([], [], BatchProblem.TooManyRows, detail);
        }

        var accepted = new List<AcceptedRow>(ranges.Count);
        var rejected = new List<RejectedRow>();
        for (var i = 0; i < ranges.Count; i++)
        {
            var reading = RequestReader.Read(body[ranges[i]], now, rawRetention, limits.MaxDepth);
            if (reading.IsValid)
            {
                accepted.Add(new AcceptedRow(i, reading.Row));
            }
            else
            {
                rejected.Add(new RejectedRow(i, reading.ExternalRequestId, reading.Errors));
            }
        }

        return new BatchReading(accepted, rejected);
    }
}
