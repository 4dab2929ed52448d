using SemCache.LoadTest.Loops;
using SemCache.LoadTest.Targets;

namespace SemCache.LoadTest.Tests.Loops;

public sealed class ProcessorTimeTests
{
    private static readonly LoopTime _time = new(TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(400));

    [Fact]
    public async Task ClosedLoop_OfAServerWhoseTimeIsKnown_TellsWhatACallTook()
    {
        var target = new Worker(known: true);

        CallFigures figures = await ClosedLoop.RunAsync(target, inFlight: 2, _time, new ErrorSamples(), CancellationToken.None);

        Assert.Equal(2, target.Reads);
        Assert.True(target.CallsAtFirstRead > 0, "the warm-up was not left out");
        Assert.Equal(TimeSpan.FromMilliseconds(30), figures.Work!.Value.Server);
        // One call of three fails: it is work all the same, and no answer.
        Assert.True(figures.Calls > 0 && figures.Failed > 0, $"{figures.Calls} answers, {figures.Failed} failures");
        Assert.Equal(30_000.0 / (figures.Calls + figures.Failed), figures.ServerPerCall, precision: 6);
        Assert.Equal(figures.Calls / 0.03, figures.RightPerServerSecond, precision: 6);
        Assert.True(figures.ToolPerCall > 0, $"{figures.ToolPerCall} µs");
    }

    [Fact]
    public async Task ClosedLoop_OfAServerOfSomebodyElse_TellsNone()
    {
        CallFigures figures = await ClosedLoop.RunAsync(
            new Worker(known: false), inFlight: 1, _time, new ErrorSamples(), CancellationToken.None);

        Assert.Null(figures.Work!.Value.Server);
        Assert.True(double.IsNaN(figures.ServerPerCall) && double.IsNaN(figures.RightPerServerSecond));
    }

    private sealed class Worker(bool known) : ITarget
    {
        private int _calls;

        public int Reads { get; private set; }

        public int CallsAtFirstRead { get; private set; }

        public string Name => "worker";

        public TimeSpan? ServerTime
        {
            get
            {
                CallsAtFirstRead = Reads++ == 0 ? _calls : CallsAtFirstRead;
                return known ? TimeSpan.FromMilliseconds(30 * Reads) : null;
            }
        }

        public async Task<CallOutcome> CallAsync(int lane, Random random, CancellationToken cancellation)
        {
            await Task.Delay(1, cancellation);
            return Interlocked.Increment(ref _calls) % 3 == 0 ? CallOutcome.Failed("Unavailable", "away") : default;
        }
    }
}
