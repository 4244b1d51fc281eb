using System.Text;
using AwesomeAssertions;
using Opsmeter.Web.Hosting;
using Xunit;

namespace Opsmeter.Tests.Web.Hosting;

public sealed class CsvTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\"")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("a\n=1", "\"a\n'=1\"")]
    [InlineData("a\r\n@x", "\"a\r\n'@x\"")]
    [InlineData("a=1", "a=1")]
    public void AppendLine_Text_IsNeverAFormulaAndReadsBackTheSame(string text, string written) => Line(text).Should().Be(written + "\r\n");

    [Fact]
    public void AppendLine_Numbers_ArePlain() =>
        Line(1234567L, -3, 0.000084m, null, new DateTimeOffset(2026, 3, 1, 12, 0, 0, 500, TimeSpan.FromHours(1)))
            .Should().Be("1234567,-3,0.000084,,2026-03-01T12:00:00.5+01:00\r\n");

    private static string Line(params object?[] fields)
    {
        var text = new StringBuilder();
        Csv.AppendLine(text, fields);
        return text.ToString();
    }
}
