using SemCache.Cli.Options;

namespace SemCache.Cli.Tests.Options;

public class PointsInTimeTests
{
    private static readonly DateTimeOffset _now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2d", "2026-03-08T12:00:00Z")]
    [InlineData("2026-01-31", "2026-01-31T00:00:00Z")]
    [InlineData("2026-01-31T12:30", "2026-01-31T12:30:00Z")]
    [InlineData("2026-01-31T12:30:05Z", "2026-01-31T12:30:05Z")]
    [InlineData("2026-01-31T12:30:05.25", "2026-01-31T12:30:05.25Z")]
    [InlineData("2026-01-31T12:30:05+02:00", "2026-01-31T10:30:05Z")]
    public void TryParse_AgeOrIsoTime_Understands(string text, string expected)
    {
        Assert.True(PointsInTime.TryParse(text, _now, out var time));
        Assert.Equal(DateTimeOffset.Parse(expected, null), time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("01/02/2026")]
    [InlineData("yesterday")]
    [InlineData("2026-13-01")]
    [InlineData("9000000d")]
    public void TryParse_AnythingElse_Refuses(string text) => Assert.False(PointsInTime.TryParse(text, _now, out _));
}
