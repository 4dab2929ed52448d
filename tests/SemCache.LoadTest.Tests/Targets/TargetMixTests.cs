using SemCache.LoadTest.Targets;

namespace SemCache.LoadTest.Tests.Targets;

/// <summary>Shares of targets.</summary>
public sealed class TargetMixTests
{
    [Fact]
    public void Next_ManyDraws_KeepTheShares()
    {
        var mix = new TargetMix(
            (FakeTarget.Of("a", default), 1), (FakeTarget.Of("b", default), 6), (FakeTarget.Of("c", default), 3));
        var random = new Random(1);

        int[] drawn = [.. Enumerable.Range(0, 100_000).Select(_ => mix.Next(random)).CountBy(target => target)
            .OrderBy(target => target.Key).Select(target => target.Value)];

        Assert.Equal([0.1, 0.6, 0.3], drawn.Select(count => Math.Round(count / 100_000.0, 2)));
    }

    [Fact]
    public void Constructor_ShareOfZero_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(
        () => new TargetMix((FakeTarget.Of("a", default), 0)));
}
