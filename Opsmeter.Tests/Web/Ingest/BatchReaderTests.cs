using Opsmeter.Web.Hosting;
using System.Text;
using AwesomeAssertions;
using Opsmeter.Web.Ingest;
using Xunit;

namespace Opsmeter.Tests.Web.Ingest;

public sealed class BatchReaderTests
{
    private static readonly string A = RowJson.Row("a");
    private static readonly string B = RowJson.Row("b");
    private static readonly string C = RowJson.Row("c");
    private static readonly string Bad = RowJson.With(("externalRequestId", "\"bad\""), ("inputTokens", "-1"));

    /// <summary>Format, body, the ids accepted, the places rejected.</summary>
    public static TheoryData<BodyFormats, string, string, int[]> Batches() => new()
    {
        { BodyFormats.Json, $"[{A},{B}]", "ab", [] },
        { BodyFormats.Json, $" \r\n[ {A} ,\n{B} ]\n ", "ab", [] },
        { BodyFormats.Json, "[]", "", [] },
        { BodyFormats.Json, " [ ] ", "", [] },
        { BodyFormats.Json, $"[{A},{Bad},{C}]", "ac", [1] },
        { BodyFormats.Json, $"[{A},5,\"x,y]\",null,[1,[2]],{C}]", "ac", [1, 2, 3, 4] },
        { BodyFormats.Json, $"[{A},{{\"a\":tru}},{C}]", "ac", [1] },
        { BodyFormats.Json, $"[{A},{B} {B},{C}]", "ac", [1] },
        { BodyFormats.Json, $"[{A},,{C}]", "ac", [1] },
        { BodyFormats.Json, $"[{A},]", "a", [1] },
        { BodyFormats.Json, "[,]", "", [0, 1] },
        { BodyFormats.Json, $"[{A},{{\"a\":{new string('[', 200)}{new string(']', 200)}}},{C}]", "ac", [1] },
        { BodyFormats.Json, $"[{RowJson.With("externalRequestId", "\"]},{[\\\"\\\\\"")}]", "]},{[\"\\", [] },
        { BodyFormats.Json, $"{A}\n{B}", "ab", [] },
        { BodyFormats.NdJson, $"{A}\n{B}\n", "ab", [] },
        { BodyFormats.NdJson, $"\n\r\n {A}\r\n\n  \n{B}\r\n", "ab", [] },
        { BodyFormats.NdJson, $"{A}\n{{\"externalRequestId\":\n{Bad}\n{C}", "ac", [1, 2] },
        { BodyFormats.NdJson, $"[{A}]\n{C}", "c", [0] },
        { BodyFormats.NdJson, "", "", [] },
        { BodyFormats.NdJson, "\n\n", "", [] },
    };

    [Theory]
    [MemberData(nameof(Batches))]
    public void Read_Batch_KeepsEveryGoodRow(BodyFormats format, string body, string accepted, int[] rejected)
    {
        var reading = Read(body, format);

        reading.Problem.Should().Be(BatchProblem.None);
        string.Concat(reading.Accepted.Select(row => row.Row.Request.ExternalRequestId)).Should().Be(accepted);
        reading.Rejected.Select(row => row.Index).Should().Equal(rejected);
        reading.Rejected.Should().OnlyContain(row => row.Errors.Count > 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n ")]
    [InlineData("null")]
    [InlineData("\"[]\"")]
    [InlineData("[")]
    [InlineData("[{}")]
    [InlineData("[{]")]
    [InlineData("[{\"a\":[1},{\"b\":2}],{}]")]
    [InlineData("[\"unended]")]
    [InlineData("[\"x\\")]
    [InlineData("[]]")]
    [InlineData("[] []")]
    [InlineData("[]x")]
    public void Read_RowsCannotBeToldApart_IsMalformedAsAWhole(string body)
    {
        var reading = Read(body, BodyFormats.Json);

        reading.Problem.Should().Be(BatchProblem.Malformed);
        reading.Accepted.Should().BeEmpty();
        reading.TryGetRefusal(out _).Should().BeTrue();
    }

    [Fact]
    public void Read_RejectedRow_CarriesItsIdAndErrors()
    {
        var rejected = Read($"[{A},{Bad}]", BodyFormats.Json).Rejected.Single();

        rejected.Index.Should().Be(1);
        rejected.ExternalRequestId.Should().Be("bad");
        rejected.Errors.Keys.Should().Equal("inputTokens");
    }

    [Theory]
    [InlineData(3, BatchProblem.None)]
    [InlineData(4, BatchProblem.TooManyRows)]
    public void Read_MoreRowsThanAllowed_IsRefusedAsAWhole(int rows, BatchProblem expected)
    {
        var limits = new IngestLimits { MaxBatchRows = 3 };
        var elements = Enumerable.Repeat(A, rows).ToArray();

        foreach (var body in new[] { $"[{string.Join(',', elements)}]", string.Join('\n', elements) })
        {
            var reading = BatchReader.Read(Encoding.UTF8.GetBytes(body), BodyFormats.Json, RowJson.Now, RowJson.Retention, limits);

            reading.Problem.Should().Be(expected);
        }
    }

    [Fact]
    public void Read_SixteenMegabytesOfBrackets_IsAnsweredCheaply()
    {
        var body = new byte[16 * 1024 * 1024];
        body.AsSpan().Fill((byte)'[');

        var before = GC.GetAllocatedBytesForCurrentThread();
        var reading = BatchReader.Read(body, BodyFormats.Json, RowJson.Now, RowJson.Retention, new IngestLimits());

        reading.Problem.Should().Be(BatchProblem.Malformed);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(body.Length / 2);
    }

    [Fact]
    public void Read_OneRowNestedAMillionDeep_LosesNoOther()
    {
        var deep = $"{{\"a\":{new string('[', 1_000_000)}{new string(']', 1_000_000)}}}";

        var reading = Read($"[{A},{deep},{C}]", BodyFormats.Json);

        reading.Accepted.Should().HaveCount(2);
        reading.Rejected.Single().Errors["$"].Should().ContainSingle().Which.Should().Contain("deeper than 32");
    }

    [Fact]
    public void Read_TenThousandRowsOnePercentBad_KeepsTheRest()
    {
        var rows = Enumerable.Range(0, 10_000).Select(i => i % 100 == 17 ? Bad : RowJson.Row($"r{i}"));

        var reading = Read($"[{string.Join(',', rows)}]", BodyFormats.Json);

        reading.Accepted.Should().HaveCount(9_900);
        reading.Rejected.Select(row => row.Index).Should().Equal(Enumerable.Range(0, 100).Select(i => (i * 100) + 17));
    }

    private static BatchReading Read(string body, BodyFormats format) =>
        BatchReader.Read(Encoding.UTF8.GetBytes(body), format, RowJson.Now, RowJson.Retention, new IngestLimits());
}
