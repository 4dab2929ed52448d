using SemCache.LoadTest.Targets;

namespace SemCache.LoadTest.Tests.Targets;

/// <summary>Draws by Zipf's law.</summary>
public sealed class PopularityTests
{
    [Theory]
    // Of 1 + 1/2 + 1/3 + 1/4 = 25/12, the first rank has 12/25, the first two have 18/25, the first three 22/25.
    [InlineData(0, 0)]
    [InlineData(0.479, 0)]
    [InlineData(0.481, 1)]
    [InlineData(0.719, 1)]
    [InlineData(0.721, 2)]
    [InlineData(0.881, 3)]
    [InlineData(0.999999, 3)]
    public void RankOf_FourThingsAndSkewOne_FollowsZipf(double share, int rank) =>
        Assert.Equal(rank, new Popularity(4, skew: 1).RankOf(share));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.25, 1)]
    [InlineData(0.5, 2)]
    [InlineData(0.75, 3)]
    public void RankOf_WithoutSkew_IsEven(double share, int rank) =>
        Assert.Equal(rank, new Popularity(4, skew: 0).RankOf(share));

    [Theory]
    [InlineData(0.8)]
    [InlineData(1)]
    [InlineData(1.3)]
    public void Next_ManyDraws_ComeAsOftenAsZipfSays(double skew)
    {
        const int things = 100;
        const int draws = 200_000;
        var popularity = new Popularity(things, skew);
        var random = new Random(1);
        int[] drawn = new int[things];
        for (int i = 0; i < draws; i++)
        {
            drawn[popularity.Next(random)]++;
        }

        double sum = Enumerable.Range(1, things).Sum(rank => Math.Pow(rank, -skew));
        for (int rank = 0; rank < things; rank++)
        {
            double expected = draws * Math.Pow(rank + 1, -skew) / sum;
            // Five standard deviations of a binomial count.
            Assert.InRange(
                drawn[popularity.At(rank)], expected - (5 * Math.Sqrt(expected)), expected + (5 * Math.Sqrt(expected)));
        }
    }

    [Fact]
    public void At_AllRanks_NameEveryThingOnce()
    {
        var popularity = new Popularity(50, skew: 1);

        Assert.Equal(Enumerable.Range(0, 50), Enumerable.Range(0, 50).Select(popularity.At).Order());
    }
}
