using Opsmeter.Web.Hosting;
using System.Buffers;

namespace Opsmeter.Web.Ingest;

/// <summary>
/// Finds where the elements of a batch begin and end, without judging them. A tokenizer gives up at the first fault; this
/// looks at brackets and strings alone, so that an element that is no JSON costs only itself. One pass, no recursion.
/// </summary>
public static class BatchSplitter
{
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[],"u8);

    /// <summary>Splits a body into its elements.</summary>
    /// <param name="body">The body, UTF-8.</param>
    /// <param name="format">What its sender called it; JSON that begins with an object is taken as NDJSON.</param>
    /// <param name="maxRows">The most elements allowed.</param>
    /// <param name="ranges">Receives the elements in order; an empty one stands for nothing between two commas.</param>
    public static BatchProblem Split(ReadOnlySpan<byte> body, BodyFormats format, int maxRows, List<Range> ranges)
    {
        var first = body.IndexOfAnyExcept(" \t\r\n"u8);
        if (format == BodyFormats.NdJson)
        {
            return SplitLines(body, maxRows, ranges);
        }

        return first < 0 ? BatchProblem.Malformed
            : body[first] == (byte)'[' ? SplitArray(body, first + 1, maxRows, ranges)
            : body[first] == (byte)'{' ? SplitLines(body, maxRows, ranges)
            : BatchProblem.Malformed;
    }

    private static BatchProblem SplitLines(ReadOnlySpan<byte> body, int maxRows, List<Range> ranges)
    {
        for (var start = 0; start < body.Length;)
        {
            var length = body[start..].IndexOf((byte)'\n');
            var end = length < 0 ? body.Length : start + length;
            if (body[start..end].IndexOfAnyExcept(" \t\r"u8) >= 0)
            {
                if (ranges.Count == maxRows)
                {
                    return BatchProblem.TooManyRows;
                }

                ranges.Add(start..end);
            }

            start = end + 1;
        }

        return BatchProblem.None;
    }

    private static BatchProblem SplitArray(ReadOnlySpan<byte> body, int start, int maxRows, List<Range> ranges)
    {
        var open = new BracketStack();
        var at = start;
        while (true)
        {
            var step = body[at..].IndexOfAny(Structure);
            if (step < 0)
            {
                return BatchProblem.Malformed;
            }

            at += step;
            switch (body[at])
            {
                case (byte)'"':
                    at = EndOfString(body, at);
                    if (at < 0)
                    {
                        return BatchProblem.Malformed;
                    }

                    break;
                case (byte)'{':
                    open.Push(isArray: false);
                    break;
                case (byte)'[':
                    open.Push(isArray: true);
                    break;
                case (byte)']' when open.IsEmpty:
                    return Close(body, start, at, maxRows, ranges);
                case (byte)']' or (byte)'}':
                    // Brackets that cross leave no telling where the element ends.
                    if (!open.TryPop(isArray: body[at] == (byte)']'))
                    {
                        return BatchProblem.Malformed;
                    }

                    break;
                case (byte)',' when open.IsEmpty:
                    if (ranges.Count == maxRows)
                    {
                        return BatchProblem.TooManyRows;
                    }

                    ranges.Add(start..at);
                    start = at + 1;
                    break;
            }

            at++;
        }
    }

    private static BatchProblem Close(ReadOnlySpan<byte> body, int start, int end, int maxRows, List<Range> ranges)
    {
        if (body[(end + 1)..].IndexOfAnyExcept(" \t\r\n"u8) >= 0)
        {
            return BatchProblem.Malformed;
        }

        // An array of nothing has no element; anything else has one before its end.
        if (ranges.Count > 0 || body[start..end].IndexOfAnyExcept(" \t\r\n"u8) >= 0)
        {
            if (ranges.Count == maxRows)
            {
                return BatchProblem.TooManyRows;
            }

            ranges.Add(start..end);
        }

        return BatchProblem.None;
    }

    // The place of the closing quote, or -1.
    private static int EndOfString(ReadOnlySpan<byte> body, int quote)
    {
        for (var at = quote + 1; at < body.Length;)
        {
            var step = body[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (step < 0)
            {
                return -1;
            }

            at += step;
            if (body[at] == (byte)'"')
            {
                return at;
            }

            at += 2;
        }

        return -1;
    }
}
