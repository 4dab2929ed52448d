using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SemCache.Core.Diagnostics;
using SemCache.Core.Requests.Turns;

namespace SemCache.Core.Tests.Requests.Turns;

public sealed class TurnQueueTests : IDisposable
{
    private const int Places = 1024;

    private static readonly TimeSpan _limit = TimeSpan.FromMilliseconds(10);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Take_WhenTurnsAreFree_BeginsAtOnce()
    {
        TurnQueue queue = Create(2);
        ValueTask<Turn> first = Take(queue, "a");
        ValueTask<Turn> second = Take(queue, "a");
        ValueTask<Turn> third = Take(queue, "a");

        Assert.True(first.IsCompleted && second.IsCompleted);
        Assert.False(third.IsCompleted);
        Assert.Equal((2, 1), (queue.Running, queue.Waiting));
        (await first).Dispose();
        (await third).Dispose();
        (await second).Dispose();
        Assert.Equal((0, 0), (queue.Running, queue.Waiting));
    }

    [Fact]
    public async Task Dispose_WhileANamespaceHasABacklog_ServesTheOthersInBetween()
    {
        TurnQueue queue = Create(1);
        var order = new List<string>();
        Turn running = await Take(queue, "busy");
        Task[] tasks =
        [
            .. Enumerable.Range(0, 20).Select(i => WorkAsync(queue, "busy", $"busy {i}", order)),
            .. Enumerable.Range(0, 3).Select(i => WorkAsync(queue, "idle", $"idle {i}", order)),
        ];
        running.Dispose();
        await Task.WhenAll(tasks);

        Assert.Equal(["busy 0", "idle 0", "busy 1", "idle 1", "busy 2", "idle 2", "busy 3"], order[..7]);
        Assert.Equal(23, order.Count);
    }

    [Fact]
    public async Task Take_ThatIsCancelledWhileItWaits_LosesNoTurn()
    {
        TurnQueue queue = Create(1);
        Turn running = await Take(queue, "a");
        using var cancelled = new CancellationTokenSource();
        Task<Turn> leaves = queue.TakeAsync("a", Urgency.Urgent, null, cancelled.Token).AsTask();
        Task<Turn> stays = Take(queue, "a").AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);

        Assert.Equal(1, queue.Waiting);
        running.Dispose();
        Turn next = await stays;
        Assert.Null(next.Refusal);
        Assert.Equal(1, queue.Running);
        next.Dispose();
        Assert.Equal(0, queue.Running);
    }

    [Fact]
    public async Task Take_ByWhoHasLeftAlready_TakesNoTurn()
    {
        TurnQueue queue = Create(1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await queue.TakeAsync("a", Urgency.Urgent, null, new CancellationToken(canceled: true)));
        Assert.Equal(0, queue.Running);
    }

    [Fact]
    public async Task Take_WhenTheWaitWouldBeTooLong_IsRefusedAtOnceWithTheTimeOfTheBacklog()
    {
        TurnQueue queue = Create(1);
        Turn running = await AfterATurnOfAsync(queue, TimeSpan.FromMilliseconds(1));
        Task<Turn>[] burst = [.. Enumerable.Range(0, 100).Select(_ => Take(queue, "a").AsTask())];

        Turn refused = await Take(queue, "a");
        // A namespace that has nothing waiting still gets its place.
        Task<Turn> idle = Take(queue, "b").AsTask();

        LimitReachedException refusal = Assert.IsType<LimitReachedException>(refused.Refusal);
        Assert.Contains("101 ms, allowed are 100 ms (SemCache:Limits:SearchWait)", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMilliseconds(100), refusal.RetryAfter);
        Assert.False(idle.IsCompleted);
        running.Dispose();
        foreach (Task<Turn> turn in (Task<Turn>[])[burst[0], idle, .. burst[1..]])
        {
            using Turn next = await turn;
            Assert.Null(next.Refusal);
        }

        Assert.Equal((0, 0), (queue.Running, queue.Waiting));
    }

    [Fact]
    public async Task Take_WhenSomebodyWaitsAllTheTime_IsAllowedTheConfiguredWaitOnly()
    {
        TurnQueue queue = Create(1);
        Turn running = await AfterATurnOfAsync(queue, TimeSpan.FromMilliseconds(1));
        var waiting = new Queue<Task<Turn>>();
        waiting.Enqueue(Take(queue, "a").AsTask());
        for (int i = 0; i < 100; i++)
        {
            waiting.Enqueue(Take(queue, "a").AsTask());
            _time.Advance(TimeSpan.FromMilliseconds(1));
            running.Dispose();
            running = await waiting.Dequeue();
            Assert.Null(running.Refusal);
        }

        while (waiting.Count < 10)
        {
            waiting.Enqueue(Take(queue, "a").AsTask());
        }

        Turn refused = await Take(queue, "a");
        Assert.Contains(
            "11 ms, allowed are 10 ms",
            Assert.IsType<LimitReachedException>(refused.Refusal).Message,
            StringComparison.Ordinal);
        running.Dispose();
    }

    [Fact]
    public async Task Take_WhenTurnsAreLongerThanTheLimit_StillWaitsForAFew()
    {
        TurnQueue queue = Create(2);
        Turn running = await AfterATurnOfAsync(queue, TimeSpan.FromSeconds(1));
        Turn second = await Take(queue, "a");
        Task<Turn>[] waiting = [.. Enumerable.Range(0, 2 * WaitLimit.MinTurns).Select(_ => Take(queue, "a").AsTask())];

        Assert.All(waiting, task => Assert.False(task.IsCompleted));
        Turn refused = await Take(queue, "a");
        Assert.Equal(TimeSpan.FromSeconds(1), Assert.IsType<LimitReachedException>(refused.Refusal).RetryAfter);
        running.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task Dispose_WhenTurnsWereSlowForAMoment_ServesWhoWasLetIn()
    {
        TurnQueue queue = Create(1);
        Turn running = await AfterATurnOfAsync(queue, TimeSpan.Zero);
        Task<Turn> waiting = Take(queue, "a").AsTask();
        _time.Advance(_limit * 1000);
        running.Dispose();

        Turn next = await waiting;
        Assert.Null(next.Refusal);
        next.Dispose();
        Assert.Equal((0, 0), (queue.Running, queue.Waiting));
    }

    [Fact]
    public async Task Dispose_WhenADeadlineHasPassed_DropsWhoWaitedBeforeAnyWork()
    {
        TurnQueue queue = Create(1);
        Turn running = await Take(queue, "a");
        Task<Turn> late = queue.TakeAsync(
            "a", Urgency.Patient, _time.GetUtcNow() + TimeSpan.FromSeconds(1), CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        running.Dispose();

        Assert.IsType<TimeoutException>((await late).Refusal);
        Assert.Equal(0, queue.Running);
    }

    [Fact]
    public async Task Take_WhenTheDeadlineIsSoonerThanTheTurn_IsRefusedAtOnce()
    {
        TurnQueue queue = Create(1);
        Turn running = await AfterATurnOfAsync(queue, TimeSpan.FromMilliseconds(5));

        Turn refused = await queue.TakeAsync(
            "a", Urgency.Urgent, _time.GetUtcNow() + TimeSpan.FromMilliseconds(4), CancellationToken.None);

        Assert.Contains(
            "5 ms, which is longer than its deadline",
            Assert.IsType<LimitReachedException>(refused.Refusal).Message,
            StringComparison.Ordinal);
        running.Dispose();
    }

    [Fact]
    public async Task Take_OfANamespaceThatHasAsManyPlacesAsAreFree_IsRefusedAndAnotherIsNot()
    {
        TurnQueue queue = Create(1, places: 8);
        Turn running = await Take(queue, "busy");
        Task<Turn>[] busy = [.. Enumerable.Range(0, 4).Select(_ => Take(queue, "busy").AsTask())];
        Turn refused = await Take(queue, "busy");
        Task<Turn>[] others = [Take(queue, "a").AsTask(), Take(queue, "a").AsTask(), Take(queue, "b").AsTask()];

        LimitReachedException refusal = Assert.IsType<LimitReachedException>(refused.Refusal);
        Assert.Contains("SemCache:Limits:MaxConcurrentLookups", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(7, queue.Waiting);
        running.Dispose();
        foreach (Task<Turn> turn in (Task<Turn>[])[busy[0], others[0], others[2], busy[1], others[1], busy[2], busy[3]])
        {
            (await turn).Dispose();
        }

        Assert.Equal((0, 0), (queue.Running, queue.Waiting));
    }

    [Fact]
    public async Task TakeAndCancel_ByMany_LosesNoTurnAndServesEverybody()
    {
        var queue = new TurnQueue(3, Places, TimeSpan.FromMinutes(1), Metrics, TimeProvider.System);
        int running = 0;
        int served = 0;
        int left = 0;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (int i = 0; i < 2000; i++)
            {
                using var mayLeave = new CancellationTokenSource();
                Task<Turn> asked = queue.TakeAsync(
                    $"{worker % 5}", worker % 3 == 0 ? Urgency.Patient : Urgency.Urgent, null, mayLeave.Token).AsTask();
                if (random.Next(3) == 0)
                {
                    await mayLeave.CancelAsync();
                }

                try
                {
                    using Turn turn = await asked;
                    Assert.Null(turn.Refusal);
                    Assert.InRange(Interlocked.Increment(ref running), 1, 3);
                    Interlocked.Increment(ref served);
                    if (random.Next(8) == 0)
                    {
                        await Task.Yield();
                    }

                    Interlocked.Decrement(ref running);
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref left);
                }
            }
        }))).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(16 * 2000, served + left);
        Assert.Equal((0, 0), (queue.Running, queue.Waiting));
    }

    private SemCacheMetrics Metrics => new(_services.GetRequiredService<IMeterFactory>());

    private TurnQueue Create(int turns, int places = Places) => new(turns, places, _limit, Metrics, _time);

    private static ValueTask<Turn> Take(TurnQueue queue, string flow) =>
        queue.TakeAsync(flow, Urgency.Urgent, null, CancellationToken.None);

    private static async Task WorkAsync(TurnQueue queue, string flow, string name, List<string> order)
    {
        using Turn turn = await Take(queue, flow);
        order.Add(name);
    }

    // The queue knows how long turns take; one has begun.
    private async Task<Turn> AfterATurnOfAsync(TurnQueue queue, TimeSpan took)
    {
        Turn turn = await Take(queue, "a");
        _time.Advance(took);
        turn.Dispose();
        return await Take(queue, "a");
    }
}
