using SemCache.Cli.Evaluation.Calibration;
using SemCache.Cli.Evaluation.Statistics;

namespace SemCache.Cli.Tests.Evaluation.Calibration;

public class CalibratorTests
{
    [Fact]
    public void Recommend_EnoughData_FindsTheLowestBarThatIsProved()
    {
        var lookups = Lookups(2000, wrongBelow: 0.5);

        var recommendation = new Calibrator(lookups, [], 0.95).Recommend(0.01);

        Assert.Equal(Verdict.Unchecked, recommendation.Verdict);
        Assert.Equal(NaiveBar(lookups, 0.01, 0.95), recommendation.Bar!.Value, 12);
        Assert.InRange(recommendation.Chosen!.AtMost, 0.005, 0.01);
        Assert.False(recommendation.IsLowestSeen);
    }

    [Fact]
    public void Recommend_FewerLookupsThanProveTheRate_SaysHowManyItTakes()
    {
        var recommendation = new Calibrator(Lookups(298, wrongBelow: 0), [], 0.95).Recommend(0.01);

        Assert.Equal(Verdict.TooLittleData, recommendation.Verdict);
        Assert.Equal((299, 298), (recommendation.Needed, recommendation.Judged));
        Assert.Null(recommendation.Bar);
        Assert.False(recommendation.IsProved);
        Assert.NotNull(new Calibrator(Lookups(299, wrongBelow: 0), [], 0.95).Recommend(0.01).Bar);
    }

    [Fact]
    public void Recommend_WrongAtTheVeryTop_HasNoBar()
    {
        JudgedLookup[] lookups = [.. Enumerable.Repeat(new JudgedLookup(1, false), 20), .. Lookups(980, wrongBelow: 0)];

        Assert.Equal(Verdict.NoBar, new Calibrator(lookups, [], 0.95).Recommend(0.01).Verdict);
    }

    [Theory]
    [InlineData("Confirmed", 1000, 0)]
    [InlineData("Consistent", 1000, 5)]
    [InlineData("Doubtful", 1000, 13)]
    [InlineData("Contradicted", 1000, 40)]
    [InlineData("Consistent", 50, 0)]
    public void Recommend_PartHeldBack_IsWhatJudges(string verdict, int lookups, int wrong)
    {
        JudgedLookup[] check = [.. Enumerable.Range(0, lookups).Select(i => new JudgedLookup(0.9, i >= wrong))];

        Assert.Equal(
            verdict, new Calibrator(Lookups(2000, wrongBelow: 0), check, 0.95).Recommend(0.01).Verdict.ToString());
    }

    [Fact]
    public void Recommend_HalfOfTheHitsJudged_IsWorthHalfTheLookups()
    {
        JudgedLookup[] lookups = [.. Enumerable.Range(0, 1000).Select(i => new JudgedLookup(
            i < 500 ? double.NaN : 0.9, i >= 750 ? true : null))];

        var recommendation = new Calibrator(lookups, [], 0.95).Recommend(0.01);

        Assert.Equal(500, recommendation.Judged);
        Assert.Equal(BinomialBound.Upper(0, 500, 0.95), recommendation.Chosen!.AtMost);
        Assert.True(recommendation.IsLowestSeen);
    }

    [Fact]
    public void Split_HoldsBackTheLastPart()
    {
        var (chooses, checks) = Calibrator.Split(Lookups(10, wrongBelow: 0), 0.3);

        Assert.Equal((7, 3), (chooses.Count, checks.Count));
        Assert.Equal(0.7, checks[0].Score, 12);
    }

    // Scores evenly from 0 to 1; below a bar every second one is wrong.
    private static JudgedLookup[] Lookups(int count, double wrongBelow) => [.. Enumerable.Range(0, count)
        .Select(i => new JudgedLookup((double)i / count, (double)i / count >= wrongBelow || i % 2 == 0))];

    private static double NaiveBar(JudgedLookup[] lookups, double rate, double confidence) => lookups
        .Select(lookup => lookup.Score)
        .Where(bar => BinomialBound.Upper(
            lookups.Count(lookup => lookup.Score >= bar && lookup.Right == false), lookups.Length, confidence) <= rate)
        .Min();
}
