using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage;

/// <summary>A cache whose log is on a device that fails, is full, slow, or gone.</summary>
public sealed class DeviceFaultTests : IDisposable
{
    private static readonly (string, string)[] _smallBuffer =
    [
        ("Storage:PageSize", "65536"), ("Storage:MemorySize", "262144"), ("Storage:SegmentSize", "262144"),
        ("Storage:ShutdownTimeout", "00:00:01"), ("Limits:MaxResponseBytes", "16384"), ("Limits:MaxPromptBytes", "1024"),
        ("Limits:MaxScopeBytes", "1024"), ("Limits:MaxTags", "4"),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DeviceError.NoSpace, LogState.DiskFull, typeof(LimitReachedException))]
    [InlineData(DeviceError.InputOutput, LogState.Failing, typeof(CacheUnavailableException))]
    public async Task Store_WhileWritesFail_IsRefusedAndEverythingGoesOnAfterwards(
        uint error, LogState state, Type refusal)
    {
        (LogDeviceFactory factory, Func<FaultyDevice> device) = FaultyDevice.Prepare();
        await using (TestCache cache = await TestCache.StartOnAsync(_folder.Path, factory))
        {
            await cache.StoreAsync("before", "1");
            device().Fail(error);

            Exception told = await Assert.ThrowsAsync(refusal, () => cache.StoreAsync("waiting", "2"));
            Assert.Contains("not durable yet", told.Message, StringComparison.Ordinal);
            Assert.Equal(state, cache.Cache.LogStatus.State);
            Exception refused = await Assert.ThrowsAsync(refusal, () => cache.StoreAsync("refused", "3"));
            Assert.Contains(DeviceError.Describe(error), refused.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync(
                refusal, () => cache.Cache.InvalidateAsync(new InvalidateFilter { EntireNamespace = true }));
            Assert.Equal("1", (await cache.LookupAsync("before")).Entry!.Response.Text);
            Assert.Equal("2", (await cache.LookupAsync("waiting")).Entry!.Response.Text);
            Assert.Null((await cache.LookupAsync("refused")).Entry);

            device().Heal();
            await UntilAsync(() => cache.Cache.LogStatus.IsHealthy);
            await cache.StoreAsync("after", "4");
            Assert.Single(cache.Logs.At(LogLevel.Error));
        }

        await using TestCache again = await TestCache.StartAsync(_folder.Path);
        Assert.Equal("1", (await again.LookupAsync("before")).Entry!.Response.Text);
        Assert.Equal("2", (await again.LookupAsync("waiting")).Entry!.Response.Text);
        Assert.Equal("4", (await again.LookupAsync("after")).Entry!.Response.Text);
        Assert.Null((await again.LookupAsync("refused")).Entry);
        Assert.Empty(again.Logs.At(LogLevel.Warning).Concat(again.Logs.At(LogLevel.Error)));
    }

    [Fact]
    public async Task Store_DeviceThatFailsNowAndThen_LosesNothingThatWasAcknowledged()
    {
        (LogDeviceFactory factory, Func<FaultyDevice> device) = FaultyDevice.Prepare();
        var stored = new List<string>();
        await using (TestCache cache = await TestCache.StartOnAsync(_folder.Path, factory, _smallBuffer))
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
            {
                for (int i = 0; i < 40; i++)
                {
                    if (i % 5 == 0)
                    {
                        device().Fail(DeviceError.InputOutput, times: 1);
                    }

                    string prompt = $"{writer} {i}";
                    try
                    {
                        await cache.StoreAsync(prompt, prompt + new string('x', 4000));
                        lock (stored)
                        {
                            stored.Add(prompt);
                        }
                    }
                    catch (CacheUnavailableException)
                    {
                        await Task.Delay(5);
                    }
                }
            })));
            Assert.Equal(0, device().Overlaps);
        }

        await using TestCache again = await TestCache.StartAsync(_folder.Path, null, _smallBuffer);
        Assert.NotEmpty(stored);
        foreach (string prompt in stored)
        {
            Assert.StartsWith(prompt + "x", (await again.LookupAsync(prompt)).Entry!.Response.Text, StringComparison.Ordinal);
        }

        Assert.Empty(again.Logs.At(LogLevel.Error));
    }

    [Fact]
    public async Task Store_SlowDevice_WaitsAndSucceeds()
    {
        (LogDeviceFactory factory, Func<FaultyDevice> device) = FaultyDevice.Prepare();
        await using (TestCache cache = await TestCache.StartOnAsync(_folder.Path, factory))
        {
            device().Delay(TimeSpan.FromMilliseconds(400));
            await cache.StoreAsync("patient", "1");
            Assert.True(cache.Cache.LogStatus.IsHealthy);
        }

        await using TestCache again = await TestCache.StartAsync(_folder.Path);
        Assert.Equal("1", (await again.LookupAsync("patient")).Entry!.Response.Text);
    }

    [Fact]
    public async Task Store_DeviceThatHangs_WaitsOnlyAsLongAsItsCaller()
    {
        (LogDeviceFactory factory, Func<FaultyDevice> device) = FaultyDevice.Prepare();
        await using TestCache cache = await TestCache.StartOnAsync(_folder.Path, factory);
        device().StopAt(0, Unwritten.Hangs);
        using var patience = new CancellationTokenSource();
        Task<StoreResult> store = cache.StoreAsync("prompt", "r", patience.Token);
        await device().Stopped;
        Assert.False(store.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store);
        Assert.Equal("r", (await cache.LookupAsync("prompt")).Entry!.Response.Text);
        device().LetGo();
    }

    [Fact]
    public async Task Store_WriteBufferFull_WaitsOnlyAsLongAsItsCaller()
    {
        (LogDeviceFactory factory, Func<FaultyDevice> device) = FaultyDevice.Prepare();
        await using TestCache cache = await TestCache.StartOnAsync(
            _folder.Path, factory, [.. _smallBuffer, ("Storage:Durability", "None")]);
        device().StopAt(0, Unwritten.Hangs);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            for (int i = 0; i < 100; i++)
            {
                await cache.StoreAsync($"prompt {i}", new string('x', 16_000), patience.Token);
            }
        });
        Assert.Equal(LookupOutcome.ExactHit, (await cache.LookupAsync("prompt 0")).Outcome);
        device().LetGo();
    }

    [Theory]
    [InlineData("Commit")]
    [InlineData("Periodic")]
    public async Task Stop_WhileWritesFail_EndsAndSaysWhatWasNotWritten(string durability)
    {
        (LogDeviceFactory factory, Func<FaultyDevice> device) = FaultyDevice.Prepare();
        TestCache cache = await TestCache.StartOnAsync(
            _folder.Path, factory, ("Storage:ShutdownTimeout", "00:00:01"), ("Storage:Durability", durability));
        await cache.StoreAsync("before", "1");
        await UntilAsync(() => device().Written > 0);
        device().Fail(DeviceError.NoSpace);
        try
        {
            await cache.StoreAsync("during", "2");
        }
        catch (LimitReachedException)
        {
            Assert.Equal("Commit", durability);
        }

        await UntilAsync(() => !cache.Cache.LogStatus.IsHealthy);
        await cache.DisposeAsync();
        Assert.Contains(
            cache.Logs.At(LogLevel.Error), message => message.Contains("1 records of", StringComparison.Ordinal));
        Assert.Equal(2, cache.Logs.At(LogLevel.Error).Count());

        await using TestCache again = await TestCache.StartAsync(_folder.Path);
        Assert.Equal("1", (await again.LookupAsync("before")).Entry!.Response.Text);
        Assert.Null((await again.LookupAsync("during")).Entry);
    }

    [Fact]
    public async Task Stop_WhileWritesFail_StillWritesEverythingWhenSpaceReturnsInTime()
    {
        (LogDeviceFactory factory, Func<FaultyDevice> device) = FaultyDevice.Prepare();
        TestCache cache = await TestCache.StartOnAsync(_folder.Path, factory, ("Storage:Durability", "Periodic"));
        device().Fail(DeviceError.NoSpace);
        await cache.StoreAsync("during", "2");
        await UntilAsync(() => !cache.Cache.LogStatus.IsHealthy);
        ValueTask stop = cache.DisposeAsync();
        device().Heal();
        await stop;
        await using TestCache again = await TestCache.StartAsync(_folder.Path);
        Assert.Equal("2", (await again.LookupAsync("during")).Entry!.Response.Text);
    }

    [Fact]
    public async Task Store_TheSystemSaysNoSpace_IsRefusedUntilThereIsSome()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "The system has no device that is always full.");
        await using (TestCache cache = await TestCache.StartAsync(_folder.Path))
        {
            File.CreateSymbolicLink(_folder.FirstSegment, "/dev/full");
            await Assert.ThrowsAsync<LimitReachedException>(() => cache.StoreAsync("waiting", "1"));
            Assert.Equal(LogState.DiskFull, cache.Cache.LogStatus.State);
            File.Delete(_folder.FirstSegment);
            await UntilAsync(() => cache.Cache.LogStatus.IsHealthy);
            await cache.StoreAsync("after", "2");
        }

        await using TestCache again = await TestCache.StartAsync(_folder.Path);
        Assert.Equal("1", (await again.LookupAsync("waiting")).Entry!.Response.Text);
        Assert.Equal("2", (await again.LookupAsync("after")).Entry!.Response.Text);
    }

    [Fact]
    public async Task Store_CommitsEndInAnUnexpectedWay_IsToldAndEveryLaterOneIsRefused()
    {
        TestCache cache = await TestCache.StartAsync(_folder.Path);
        using (var listener = new MeterListener())
        {
            listener.InstrumentPublished = (instrument, listening) =>
            {
                if (cache.Owns(instrument.Meter) && instrument.Name == "semcache.log.commit.duration")
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            };
            listener.SetMeasurementEventCallback<double>((_, _, _, _) => throw new InvalidOperationException("no more"));
            listener.Start();
            await Assert.ThrowsAsync<CacheUnavailableException>(
                () => cache.StoreAsync("waiting", "1").WaitAsync(TimeSpan.FromSeconds(30)));
        }

        Assert.Equal((LogState.Failing, "no more"), (cache.Cache.LogStatus.State, cache.Cache.LogStatus.Reason));
        await Assert.ThrowsAsync<CacheUnavailableException>(() => cache.StoreAsync("refused", "2"));
        Assert.Single(cache.Logs.At(LogLevel.Error));
        await cache.DisposeAsync();
        await using TestCache again = await TestCache.StartAsync(_folder.Path);
        Assert.Equal("1", (await again.LookupAsync("waiting")).Entry!.Response.Text);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (int i = 0; i < 3000 && !condition(); i++)
        {
            await Task.Delay(10);
        }

        Assert.True(condition());
    }
}
