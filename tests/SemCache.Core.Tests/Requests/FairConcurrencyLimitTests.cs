using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using SemCache.Core.Diagnostics;
using SemCache.Core.Requests;

namespace SemCache.Core.Tests.Requests;

public sealed class FairConcurrencyLimitTests : IDisposable
{
    private static readonly TimeSpan _retry = TimeSpan.FromMilliseconds(50);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Enter_ByOneFlowAlone_LetsHalfIn()
    {
        FairConcurrencyLimit limit = Create(8);

        Assert.Equal(4, Flood(limit, "a").Count);

        LimitReachedException refused = Assert.Throws<LimitReachedException>(() => limit.Enter("a"));
        Assert.Contains("4 stores are running, 4 of them for this namespace", refused.Message, StringComparison.Ordinal);
        Assert.Contains("SemCache:Limits:MaxConcurrentStores", refused.Message, StringComparison.Ordinal);
        Assert.Equal(_retry, refused.RetryAfter);
    }

    [Fact]
    public void Enter_WhileAnotherFlowFloods_FindsAPlace()
    {
        FairConcurrencyLimit limit = Create(8);
        Flood(limit, "a");

        Assert.Equal((2, 1, 0), (Flood(limit, "b").Count, Flood(limit, "c").Count, Flood(limit, "a").Count));
        Assert.Equal(7, limit.Running);
    }

    [Fact]
    public void Enter_WithOnePlace_LetsOneIn()
    {
        FairConcurrencyLimit limit = Create(1);
        using (limit.Enter("a"))
        {
            Assert.Throws<LimitReachedException>(() => limit.Enter("b"));
        }

        limit.Enter("b").Dispose();
        Assert.Equal(0, limit.Running);
    }

    [Fact]
    public void Enter_InAnyOrder_KeepsToTheRule()
    {
        const int max = 10;
        FairConcurrencyLimit limit = Create(max);
        var random = new Random(1);
        var inside = new List<(string Flow, FairConcurrencyLimit.Admittance Place)>();
        for (int step = 0; step < 10_000; step++)
        {
            if (inside.Count > 0 && random.Next(3) == 0)
            {
                int leaves = random.Next(inside.Count);
                inside[leaves].Place.Dispose();
                inside.RemoveAt(leaves);
            }

            string flow = $"{random.Next(5)}";
            bool hasPlace = inside.Count(one => one.Flow == flow) < max - inside.Count;
            if (hasPlace)
            {
                inside.Add((flow, limit.Enter(flow)));
            }
            else
            {
                Assert.Throws<LimitReachedException>(() => limit.Enter(flow));
            }

            Assert.Equal(inside.Count, limit.Running);
        }
    }

    [Fact]
    public async Task Enter_ByManyThreads_CountsAll()
    {
        FairConcurrencyLimit limit = Create(64);
        await Parallel.ForAsync(0, 8, (thread, _) =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                using (limit.Enter($"{(thread + i) % 3}"))
                {
                    Assert.InRange(limit.Running, 1, 8);
                }
            }

            return ValueTask.CompletedTask;
        });

        Assert.Equal(0, limit.Running);
        Assert.Equal(32, Flood(limit, "1").Count);
    }

    private static List<FairConcurrencyLimit.Admittance> Flood(FairConcurrencyLimit limit, string flow)
    {
        var places = new List<FairConcurrencyLimit.Admittance>();
        try
        {
            while (true)
            {
                places.Add(limit.Enter(flow));
            }
        }
        catch (LimitReachedException)
        {
            return places;
        }
    }

    private FairConcurrencyLimit Create(int max) => new(
        "stores", max, "MaxConcurrentStores", _retry, new SemCacheMetrics(_services.GetRequiredService<IMeterFactory>()));
}
