using System.Diagnostics.Metrics;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests;

/// <summary>What goes on when a part of the cache fails in a way that nobody thought of.</summary>
public sealed class FailingPartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sweep_AfterATurnThatFailed_GoesOn()
    {
        await using TestCache cache = await TestCache.StartAsync(_folder.Path);
        int turns = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Name == "semcache.entries.expired" && cache.Owns(instrument.Meter))
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) =>
        {
            if (turns++ == 0)
            {
                throw new InvalidOperationException("of the test");
            }
        });
        listener.Start();
        for (int i = 1; i <= 2; i++)
        {
            await cache.Cache.StoreAsync(new StoreCommand
            {
                Prompt = Prompt.FromText("What is the capital of France?"),
                Response = CachedResponse.FromText("Paris"),
                Ttl = TimeSpan.FromSeconds(5),
            });
            for (int turn = 0; turn < 1000 && turns < i; turn++)
            {
                cache.Time.Advance(TimeSpan.FromSeconds(10));
                await Task.Delay(10);
            }

            Assert.Equal(i, turns);
        }
    }

    [Fact]
    public async Task Stop_WhenAPartFails_ClosesTheLogAllTheSame()
    {
        await using (TestCache cache = await TestCache.StartAsync(_folder.Path))
        {
            await cache.StoreAsync("What is the capital of France?", "Paris");
            cache.Logs.OnMessage = message =>
            {
                if (message.Contains("saved", StringComparison.Ordinal))
                {
                    throw new InvalidOperationException("of the test");
                }
            };
        }

        // A log that is still open is locked.
        await using TestCache again = await TestCache.StartAsync(_folder.Path);
        Assert.Equal(LookupOutcome.ExactHit, (await again.LookupAsync("What is the capital of France?")).Outcome);
    }
}
