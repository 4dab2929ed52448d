using System.Diagnostics;
using SemCache.LoadTest.Targets;

namespace SemCache.LoadTest.Loops;

/// <summary>
/// Sends calls when they are due, whether or not earlier ones are answered: a server that stands still for a moment
/// meets all the calls of that moment.
/// </summary>
/// <param name="mix">What is called.</param>
/// <param name="callsPerSecond">How often, more than 0.</param>
/// <param name="mostInFlight">
/// Unanswered calls beyond which none is sent; what is due then counts as <see cref="Unsent"/>. Keeps a server that
/// answers nothing from filling this side's memory.
/// </param>
/// <param name="record">What becomes of the calls.</param>
internal sealed class OpenLoop(TargetMix mix, double callsPerSecond, int mostInFlight, LoopRecord record)
{
    /// <summary>The status of calls that were due and not sent.</summary>
    public const string Unsent = "Unsent";

    // What is due within it is sent together: to wake up for each call would take processor time from who is measured.
    private static readonly long _shortestPause = Stopwatch.Frequency / 5000;

    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The clock counts as one, so that the last answer before the last call is not taken for the end.
    private int _inFlight = 1;

    /// <summary>Warms up, measures, and waits for the answers.</summary>
    public async Task RunAsync(LoopTime time, CancellationToken cancellation)
    {
        var schedule = new Schedule(Stopwatch.GetTimestamp(), callsPerSecond);
        record.Open(Window.Open(schedule.Begin, time));
        // A thread of its own: in the pool, the clock would wait behind the calls that it has started.
        await Task.Factory.StartNew(
            () => Dispatch(schedule, schedule.CountIn(time.Total), cancellation),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Leave();
        await _drained.Task;
        cancellation.ThrowIfCancellationRequested();
    }

    private void Dispatch(Schedule schedule, long calls, CancellationToken cancellation)
    {
        var random = new Random((int)calls);
        for (long call = 0; call < calls && !cancellation.IsCancellationRequested; call++)
        {
            long due = schedule.DueAt(call);
            long now = Stopwatch.GetTimestamp();
            if (due > now)
            {
                Pause.Until(Math.Max(due, now + _shortestPause));
            }

            int target = mix.Next(random);
            if (Volatile.Read(ref _inFlight) > mostInFlight)
            {
                record.Add(
                    target, CallOutcome.Failed(Unsent, $"{mostInFlight} were unanswered"), new CallTimes(due, due, due));
                continue;
            }

            Interlocked.Increment(ref _inFlight);
            ThreadPool.UnsafeQueueUserWorkItem(
                static next => _ = next.Loop.CallAsync(next.Target, next.Lane, next.Due, next.Cancellation),
                (Loop: this, Target: target, Lane: (int)(call % int.MaxValue), Due: due, Cancellation: cancellation),
                preferLocal: false);
        }
    }

    private async Task CallAsync(int target, int lane, long due, CancellationToken cancellation)
    {
        try
        {
            long sent = Stopwatch.GetTimestamp();
            CallOutcome outcome = await mix.Targets[target].CallAsync(lane, Random.Shared, cancellation);
            var times = new CallTimes(due, sent, Stopwatch.GetTimestamp());
            record.Add(target, outcome, times);
            record.AddLag(times);
        }
        catch (Exception failure)
        {
            // A target that throws is a mistake of this program, or the run was interrupted.
            _drained.TrySetException(failure);
        }
        finally
        {
            Leave();
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _inFlight) == 0)
        {
            _drained.TrySetResult();
        }
    }
}
