using SemCache.Core.Requests;

namespace SemCache.Core.Tests.Requests;

public sealed class Uuid7Tests
{
    private static readonly DateTimeOffset _now = new(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero);

    [Fact]
    public void New_AnyTime_IsVersion7OfThatTime()
    {
        Guid id = Uuid7.New(_now);

        Assert.Equal(7, id.Version);
        Assert.InRange(id.Variant, 8, 11);
        Assert.StartsWith(_now.ToUnixTimeMilliseconds().ToString("x12"), id.ToString("N"), StringComparison.Ordinal);
    }

    [Fact]
    public void New_OwnBits_StandBehindTheMilliseconds() =>
        Assert.StartsWith("0000000000017abc", Uuid7.New(1, 0xFABC).ToString("N"), StringComparison.Ordinal);

    [Fact]
    public async Task New_ManyOnManyThreads_AreAllDifferent()
    {
        Guid[][] made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => Enumerable.Range(0, 20_000).Select(_ => Uuid7.New(1, 0)).ToArray(), TestContext.Current.CancellationToken)));

        Assert.Equal(160_000, made.SelectMany(ids => ids).Distinct().Count());
    }

    [Fact]
    public void New_ManyTimes_EveryRandomBitVaries()
    {
        UInt128 ones = 0;
        UInt128 zeros = 0;
        for (int i = 0; i < 2000; i++)
        {
            var bits = UInt128.Parse(Uuid7.New(1, 0).ToString("N"), System.Globalization.NumberStyles.HexNumber);
            ones |= bits;
            zeros |= ~bits;
        }

        UInt128 random = ((UInt128)1 << 62) - 1;
        Assert.Equal(random, ones & zeros);
    }
}
