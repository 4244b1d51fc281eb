using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Opsmeter.Web.Storage.Facts;

/// <summary>Reads columns of segments, on a connection of its own.</summary>
internal sealed class SegmentReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _statement;
    private readonly FactBatch _batch = new();

    public SegmentReader(string connectionString)
    {
        _connection = new SqliteConnection(connectionString);
        _connection.Open();
        Check(raw.sqlite3_prepare_v2(_connection.Handle!, "SELECT data FROM segment_columns WHERE place = ?", out _statement));
    }

    /// <summary>Reads what a scan asks for; null where the segment holds nothing that it wants.</summary>
    public FactBatch? Read(Segment segment, FactScan scan)
    {
        var isCells = !scan.Rows;
        _batch.Count = isCells ? segment.Cells : segment.Rows;
        _batch.IsCells = isCells;
        _batch.IsPartly = !scan.Covers(segment);
        foreach (var dimension in scan.Dimensions)
        {
            Read(segment, dimension, isCells, data => _batch.SetValues(dimension, PackedColumn.UnpackDimension(data, _batch.CodesFor(dimension))));
        }

        if (scan.Wants is { } wants && !wants(_batch))
        {
            return null;
        }

        if (scan.WithTime || _batch.IsPartly)
        {
            ReadMeasure(segment, FactColumn.Time, isCells);
        }

        foreach (var measure in scan.Measures)
        {
            ReadMeasure(segment, measure, isCells);
        }

        return _batch;
    }

    /// <summary>Takes facts from memory into the same form.</summary>
    public FactBatch? Read(ReadOnlySpan<Fact> facts, FactScan scan)
    {
        _batch.Count = facts.Length;
        _batch.IsCells = false;
        _batch.IsPartly = true;
        foreach (var dimension in scan.Dimensions)
        {
            Code(facts, dimension);
        }

        if (scan.Wants is { } wants && !wants(_batch))
        {
            return null;
        }

        foreach (var measure in scan.Measures.Append(FactColumn.Time))
        {
            var values = _batch.MeasureFor(measure);
            for (var i = 0; i < facts.Length; i++)
            {
                values[i] = measure switch
                {
                    FactColumn.Squares => BitConverter.DoubleToInt64Bits(facts[i].Sign * SegmentColumns.Square(facts[i])),
                    FactColumn.First => facts[i].OccurredTicks,
                    _ => facts[i].Measure(measure),
                };
            }
        }

        return _batch;
    }

    public void Dispose()
    {
        _statement.Dispose();
        _connection.Dispose();
    }

    private void Code(ReadOnlySpan<Fact> facts, FactColumn dimension)
    {
        var codes = _batch.CodesFor(dimension);
        var places = new Dictionary<int, int>();
        var values = new List<int>();
        for (var i = 0; i < facts.Length; i++)
        {
            var value = facts[i].Code(dimension);
            if (!places.TryGetValue(value, out codes[i]))
            {
                places[value] = codes[i] = values.Count;
                values.Add(value);
            }
        }

        _batch.SetValues(dimension, [.. values]);
    }

    private void ReadMeasure(Segment segment, FactColumn measure, bool isCells)
    {
        if (!isCells && measure == FactColumn.First)
        {
            ReadMeasure(segment, FactColumn.Time, isCells);
            _batch.Measure(FactColumn.Time).CopyTo(_batch.MeasureFor(measure));
            return;
        }

        if (!isCells && measure == FactColumn.Squares)
        {
            SquareCosts(segment);
            return;
        }

        var values = _batch.MeasureFor(measure);
        Read(segment, measure, isCells, data =>
        {
            if (PackedColumn.IsZero(data))
            {
                _batch.SetZero(measure);
            }

            PackedColumn.Unpack(data, _batch.MeasuresOf(measure));
        });
        if (measure == FactColumn.Seq)
        {
            SegmentColumns.RestoreSeqs(values);
        }
        else if (measure == FactColumn.Squares)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = BitConverter.DoubleToInt64Bits(SegmentColumns.SquaresOf(values[i]));
            }
        }
    }

    // A row's square is its cost's, so it is not kept; of what was taken back the cost is below 0, and so is its square.
    private void SquareCosts(Segment segment)
    {
        ReadMeasure(segment, FactColumn.Cost, isCells: false);
        var costs = _batch.Measure(FactColumn.Cost);
        var squares = _batch.MeasureFor(FactColumn.Squares);
        for (var i = 0; i < squares.Length; i++)
        {
            var dollars = (double)costs[i] / Core.Usd.NanoPerDollar;
            squares[i] = BitConverter.DoubleToInt64Bits(dollars * Math.Abs(dollars));
        }
    }

    private void Read(Segment segment, FactColumn column, bool isCells, ReadColumn read)
    {
        Check(raw.sqlite3_bind_int64(_statement, 1, SegmentColumns.PlaceOf(segment.Id, column, isCells)));
        try
        {
            var found = raw.sqlite3_step(_statement);
            if (found == raw.SQLITE_DONE)
            {
                throw new InvalidDataException($"Segment {segment.Id} has no column {column}: the store is damaged.");
            }

            Check(found == raw.SQLITE_ROW ? raw.SQLITE_OK : found);
            read(raw.sqlite3_column_blob(_statement, 0));
        }
        finally
        {
            raw.sqlite3_reset(_statement);
        }
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(result, _connection.Handle);
        }
    }

    private delegate void ReadColumn(ReadOnlySpan<byte> data);
}
