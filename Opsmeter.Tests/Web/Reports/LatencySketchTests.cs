using AwesomeAssertions;
using Opsmeter.Web.Reports;
using Xunit;

namespace Opsmeter.Tests.Web.Reports;

public sealed class LatencySketchTests
{
    [Fact]
    public void Percentiles_FewLatencies_AreExact()
    {
        var sketch = Of(Enumerable.Range(1, 100).Reverse());

        sketch.Percentiles().Should().Be(new LatencyPercentiles(50, 95));
        new LatencySketch().Percentiles().Should().BeNull();
    }

    [Fact]
    public void Percentiles_ManyLatencies_AreOffByOnePercentAtMost()
    {
        var random = new Random(4);
        var values = Enumerable.Range(0, 20_000).Select(_ => (int)Math.Exp(3 + (random.NextDouble() * 12))).Order().ToArray();

        var found = Of(values).Percentiles()!;

        ((double)found.P50Ms).Should().BeApproximately(values[9_999], values[9_999] * 0.0101);
        ((double)found.P95Ms).Should().BeApproximately(values[18_999], values[18_999] * 0.0101);
    }

    [Theory]
    [InlineData(100, 100)]
    [InlineData(100, 3_000)]
    [InlineData(3_000, 100)]
    [InlineData(3_000, 3_000)]
    public void Add_AnotherSketch_IsAsIfAllHadComeToOne(int here, int there)
    {
        var random = new Random(5);
        var values = Enumerable.Range(0, here + there).Select(_ => random.Next(1, 60_000)).ToArray();
        var merged = Of(values.Take(here));

        merged.Add(Of(values.Skip(here)));

        merged.Percentiles().Should().Be(Of(values).Percentiles());
    }

    [Theory]
    [InlineData(20)]
    [InlineData(2_000)]
    public void Add_TakenBack_IsAsIfItHadNeverCome(int others)
    {
        var sketch = new LatencySketch();
        sketch.Add(86_400_000, isTakenBack: true);
        foreach (var value in Enumerable.Range(1, others))
        {
            sketch.Add(value, isTakenBack: false);
        }

        sketch.Add(86_400_000, isTakenBack: false);

        sketch.Percentiles().Should().Be(Of(Enumerable.Range(1, others)).Percentiles());
    }

    private static LatencySketch Of(IEnumerable<int> values)
    {
        var sketch = new LatencySketch();
        foreach (var value in values)
        {
            sketch.Add(value, isTakenBack: false);
        }

        return sketch;
    }
}
