using AwesomeAssertions;
using CsCheck;
using Opsmeter.Web.Storage.Facts;
using Xunit;

namespace Opsmeter.Tests.Web.Storage.Facts;

public sealed class PackedColumnTests
{
    [Fact]
    public void Pack_AnyNumbers_UnpackTheSame() =>
        Gen.OneOf(Gen.Long, Gen.Long[0, 1], Gen.Long[-5, 5].Select(value => value * 10_000_000), Gen.Int.Select(value => (long)value))
            .Array[0, 300].Sample(values => Unpacked(PackedColumn.Pack(values), values.Length).Should().Equal(values));

    [Theory]
    [InlineData(new[] { long.MinValue, long.MaxValue, 0 })]
    [InlineData(new[] { 0L, (1L << 57) - 1 })]
    [InlineData(new[] { 0L, 1L << 57 })]
    [InlineData(new[] { 5L, 5L, 5L })]
    public void Pack_Extremes_UnpackTheSame(long[] values) => Unpacked(PackedColumn.Pack(values), values.Length).Should().Equal(values);

    [Fact]
    public void Pack_TimesOfWholeMilliseconds_TakeNoRoomForWhatTheyHaveInCommon()
    {
        var start = 638_000_000_000_000_000;
        var times = Enumerable.Range(0, 10_000).Select(i => start + (i * 7L * TimeSpan.TicksPerMillisecond)).ToArray();

        PackedColumn.Pack(times).Length.Should().BeLessThan(10_000 * 14 / 8 + 40);
    }

    [Fact]
    public void PackDimension_AnyIds_UnpackToTheSame() => Gen.Int[0, 100_000].Array[1, 300].Sample(ids =>
    {
        var codes = new int[ids.Length];
        var distinct = PackedColumn.UnpackDimension(PackedColumn.PackDimension(ids), codes);

        distinct.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        codes.Select(code => distinct[code]).Should().Equal(ids);
    });

    [Fact]
    public void Unpack_ColumnCutShort_IsRefused()
    {
        var packed = PackedColumn.Pack(Enumerable.Range(0, 1_000).Select(i => (long)i * i).ToArray());

        var read = () => PackedColumn.Unpack(packed.AsSpan(0, packed.Length / 2), new long[1_000]);
        read.Should().Throw<InvalidDataException>();
    }

    [Fact]
    public void IsZero_OnlyZeros_IsTrue()
    {
        PackedColumn.IsZero(PackedColumn.Pack(new long[10])).Should().BeTrue();
        PackedColumn.IsZero(PackedColumn.Pack([0, 0, 1])).Should().BeFalse();
        PackedColumn.IsZero(PackedColumn.Pack([7, 7])).Should().BeFalse();
    }

    private static long[] Unpacked(byte[] packed, int count)
    {
        var values = new long[count];
        PackedColumn.Unpack(packed, values);
        return values;
    }
}
