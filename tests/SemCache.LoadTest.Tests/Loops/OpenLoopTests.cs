using SemCache.LoadTest.Loops;
using SemCache.LoadTest.Targets;
using SemCache.LoadTest.Tests.Targets;

namespace SemCache.LoadTest.Tests.Loops;

/// <summary>The open loop against targets that answer when the test says so.</summary>
public sealed class OpenLoopTests
{
    private const int Calls = 50;
    private static readonly LoopTime _time = new(TimeSpan.Zero, TimeSpan.FromMilliseconds(100));

    [Fact]
    public async Task RunAsync_ServerThatStandsStill_IsSentEveryCallAllTheSame()
    {
        var all = new TaskCompletionSource();
        var target = new FakeTarget("still", async call =>
        {
            if (call == Calls)
            {
                all.SetResult();
            }

            // No call is answered before the last one was sent.
            await all.Task;
            return default;
        });

        LoopRecord record = await RunAsync(target, mostInFlight: Calls);

        CallFigures figures = record.ToFigures()[0];
        Assert.Equal(Calls, target.Calls);
        Assert.Equal((Calls, 0), (figures.Calls, figures.Failed));
        // The first was due 98 ms before the last; whoever came with it has waited that long.
        Assert.True(figures.Latency.Max >= 97_000, $"{figures.Latency.Max} µs");
    }

    [Fact]
    public async Task RunAsync_MoreUnansweredThanAllowed_SendsNoMoreAndCountsThem()
    {
        var last = new TaskCompletionSource();
        var target = new FakeTarget("deaf", async _ =>
        {
            await last.Task;
            return default;
        });
        var errors = new ErrorSamples();
        var mix = new TargetMix(target);
        var record = new LoopRecord(mix, errors);
        Task loop = new OpenLoop(mix, Calls * 10, mostInFlight: 3, record).RunAsync(_time, CancellationToken.None);
        await WaitForAsync(() => record.Merged().Failed == Calls - 3);
        last.SetResult();
        await loop;

        Assert.Equal(3, target.Calls);
        CallFigures figures = record.ToFigures()[0];
        Assert.Equal(3, figures.Calls);
        Assert.Equal(Calls - 3, figures.Failures[OpenLoop.Unsent]);
    }

    [Fact]
    public async Task RunAsync_WarmUp_IsNotMeasured()
    {
        var target = FakeTarget.Of("quick", default);
        var mix = new TargetMix(target);
        var record = new LoopRecord(mix, new ErrorSamples());
        var time = new LoopTime(TimeSpan.FromMilliseconds(60), TimeSpan.FromMilliseconds(40));

        await new OpenLoop(mix, Calls * 10, Calls, record).RunAsync(time, CancellationToken.None);

        Assert.Equal(Calls, target.Calls);
        Assert.Equal(20, record.ToFigures()[0].Calls);
    }

    [Fact]
    public async Task RunAsync_TargetThatThrows_EndsWithItsException()
    {
        var target = new FakeTarget("broken", _ => throw new InvalidOperationException("broken"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(target, mostInFlight: Calls));
    }

    private static async Task<LoopRecord> RunAsync(ITarget target, int mostInFlight)
    {
        var mix = new TargetMix(target);
        var record = new LoopRecord(mix, new ErrorSamples());
        await new OpenLoop(mix, Calls * 10, mostInFlight, record).RunAsync(_time, CancellationToken.None);
        return record;
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }
}
