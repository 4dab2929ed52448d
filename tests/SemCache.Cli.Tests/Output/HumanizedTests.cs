using SemCache.Cli.Output;

namespace SemCache.Cli.Tests.Output;

public class HumanizedTests
{
    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(0.085, "85 µs")]
    [InlineData(1.84, "1.8 ms")]
    [InlineData(310.4, "310 ms")]
    [InlineData(1_840, "1.8 s")]
    [InlineData(65_000, "1m 5s")]
    [InlineData(7_200_000, "2h")]
    [InlineData(183_600_000, "2d 3h")]
    public void Time_ShowsAtMostTwoUnits(double milliseconds, string expected) =>
        Assert.Equal(expected, Humanized.Time(TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1,023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(5L << 30, "5 GiB")]
    public void Bytes_ShowsOneDecimal(long bytes, string expected) => Assert.Equal(expected, Humanized.Bytes(bytes));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.0000151, "0.000015")]
    [InlineData(0.0021, "0.0021")]
    [InlineData(1234.5, "1,234.50")]
    public void Cost_KeepsSmallAmountsVisible(double cost, string expected) =>
        Assert.Equal(expected, Humanized.Cost(cost));

    [Fact]
    public void Percent_OfNothing_IsADash() => Assert.Equal("-", Humanized.Percent(0, 0));
}
