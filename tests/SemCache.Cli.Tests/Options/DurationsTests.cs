using SemCache.Cli.Options;

namespace SemCache.Cli.Tests.Options;

public class DurationsTests
{
    [Theory]
    [InlineData("90s", 90_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("2d", 172_800_000)]
    [InlineData("1w1d", 691_200_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("250ms", 250)]
    [InlineData("1m1ms", 60_001)]
    [InlineData(" 3S ", 3_000)]
    public void TryParse_NumbersWithUnits_AddsThem(string text, long milliseconds)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("h")]
    [InlineData("-5s")]
    [InlineData("0s")]
    [InlineData("1h30")]
    [InlineData("1 h")]
    [InlineData("1.2.3s")]
    [InlineData("5y")]
    [InlineData("1e5s")]
    [InlineData("99999999999d")]
    [InlineData("0.00000001ms")]
    public void TryParse_AnythingElse_Refuses(string text) => Assert.False(Durations.TryParse(text, out _));
}
