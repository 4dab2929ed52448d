using SemCache.Core.Storage;

namespace SemCache.Core.Tests.Storage.Compaction;

public sealed class LogFiguresTests
{
    private const double Ratio = 0.6;

    [Theory]
    [InlineData(0, 50, 0, 0, "None")] // All there is is appended to.
    [InlineData(1, 150, 0, 0, "Drop")]
    [InlineData(5, 550, 500, 0, "Drop")]
    [InlineData(2, 250, 10, 10, "None")] // Too small to matter.
    [InlineData(3, 350, 210, 80, "None")] // At the ratio.
    [InlineData(3, 350, 209, 80, "Copy")]
    [InlineData(9, 950, 800, 80, "None")] // Larger than allowed, but too little to gain.
    [InlineData(12, 1250, 1051, 80, "None")]
    [InlineData(12, 1250, 1050, 80, "Hurry")]
    [InlineData(12, 1250, 100, 80, "Hurry")]
    public void Need_IsWhatTheFiguresAskFor(long segments, long bytes, long live, long liveInOldest, string need)
    {
        var figures = new LogFigures(segments, 100, bytes, live, liveInOldest);
        Assert.Equal(need, figures.Need(Ratio, allowedBytes: 900).ToString());
    }
}
