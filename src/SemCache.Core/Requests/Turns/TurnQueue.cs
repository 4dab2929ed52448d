using System.Globalization;
using SemCache.Core.Diagnostics;

namespace SemCache.Core.Requests.Turns;

/// <summary>
/// Hands out turns to work with the processor: a bounded number at a time, fairly between namespaces. What is urgent and could not
/// begin soon enough, by what turns have taken lately and by how many wait, is refused at once. So the time that a request waits is
/// bounded, however many arrive. What was let in is not refused later, but for its deadline: turns that were slow for a moment
/// would refuse all who wait, and delay nobody any more.
/// Of the places to wait in, no namespace takes more than it leaves free, so that there is one for the next.
/// </summary>
/// <remarks>
/// Safe for concurrent use. Everything is guarded by one lock, held for moments. As long as anybody waits, all turns are taken: a
/// turn that ends goes straight to the next. Nobody waits by a timer of his own: whose time is over is found when a turn ends.
/// </remarks>
/// <param name="turns">Turns at a time.</param>
/// <param name="places">Places to wait in for what is urgent.</param>
/// <param name="wait">Longest time that what is urgent waits under overload; see <see cref="WaitLimit"/>.</param>
/// <param name="metrics">Counts what is refused, and measures how long the rest waits.</param>
/// <param name="time">The clock.</param>
internal sealed class TurnQueue(int turns, int places, TimeSpan wait, SemCacheMetrics metrics, TimeProvider time)
{
    private const string Option = "SemCache:Limits:SearchWait";
    private const string PlacesOption = "SemCache:Limits:MaxConcurrentLookups";

    private static readonly TimeSpan _shortestRetry = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _longestRetry = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly FairQueue<Waiter> _waiting = new();
    private readonly WaitLimit _limit = new(turns, wait, time);
    private int _running;

    /// <summary>Turns at a time.</summary>
    public int Turns => turns;

    /// <summary>Turns that are taken.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Requests that wait for a turn.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>
    /// Waits for a turn. What is returned has begun, or says why it must not. What is patient goes on on a thread of the pool.
    /// </summary>
    /// <param name="flow">Who shares a place in the queue: a namespace.</param>
    /// <param name="urgency">How it waits.</param>
    /// <param name="deadline">When nobody needs the answer any more; null for never.</param>
    /// <param name="cancellationToken">Ends the wait with an exception; the turn goes to the next.</param>
    public ValueTask<Turn> TakeAsync(
        string flow, Urgency urgency, DateTimeOffset? deadline, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Turn>(cancellationToken);
        }

        long now = time.GetTimestamp();
        Waiter waiter;
        lock (_gate)
        {
            NoteIdle(now);
            if (_running < turns)
            {
                _running++;
                var turn = new Turn(this, now);
                return urgency == Urgency.Urgent ? new ValueTask<Turn>(turn) : ElsewhereAsync(turn);
            }

            if (urgency == Urgency.Urgent && RefuseEarly(flow, deadline, now) is { } refusal)
            {
                return new ValueTask<Turn>(new Turn(refusal));
            }

            waiter = new Waiter(this, deadline, cancellationToken);
            waiter.Place = _waiting.Enqueue(flow, urgency, waiter);
        }

        return WaitAsync(waiter, cancellationToken);
    }

    internal void Release(long began)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            _limit.AddTurn(time.GetElapsedTime(began, now));
            NoteIdle(now);
            while (_waiting.TryDequeue(out Waiter? next))
            {
                next.Place = null;
                Exception? refusal = RefuseLate(next);
                next.SetResult(refusal is null ? new Turn(this, now) : new Turn(refusal));
                if (refusal is null)
                {
                    return;
                }
            }

            _running--;
        }
    }

    // What is patient comes from one who has more of it: were it worked on by his thread, he would send one at a time.
    private static async ValueTask<Turn> ElsewhereAsync(Turn turn)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return turn;
    }

    private async ValueTask<Turn> WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        using SemCacheMetrics.Stage stage = metrics.Begin("turn");
        await using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static state => ((Waiter)state!).Cancel(), waiter);
        return await waiter.Task.ConfigureAwait(false);
    }

    private void NoteIdle(long now)
    {
        if (_waiting.UrgentCount == 0)
        {
            _limit.NoteIdle(now);
        }
    }

    private Exception? RefuseEarly(string flow, DateTimeOffset? deadline, long now)
    {
        int own = _waiting.UrgentOf(flow);
        if (own >= places - _waiting.UrgentCount)
        {
            return Refused("lookups", $"{own} of the same namespace wait, which leaves no more free ({PlacesOption})");
        }

        TimeSpan expected = _limit.TimeOf(_waiting.Ahead(flow) + 1);
        TimeSpan longest = _limit.LongestAt(now);
        if (expected > longest)
        {
            return Refused("search_wait", $"this one would wait {Show(expected)}, allowed are {Show(longest)} ({Option})");
        }

        return deadline is { } end && time.GetUtcNow() + expected > end
            ? Refused("deadline", $"this one would wait {Show(expected)}, which is longer than its deadline")
            : null;
    }

    private TimeoutException? RefuseLate(Waiter waiter)
    {
        if (waiter.Deadline is not { } end || end > time.GetUtcNow())
        {
            return null;
        }

        metrics.Refused("deadline");
        return new TimeoutException("The deadline passed before the request had its turn; nothing was done.");
    }

    private LimitReachedException Refused(string cause, string why)
    {
        metrics.Refused(cause);
        TimeSpan drained = _limit.TimeOf(_waiting.Count);
        return new LimitReachedException(
            "Too many searches: " + why,
            drained < _shortestRetry ? _shortestRetry : drained > _longestRetry ? _longestRetry : drained);
    }

    private static string Show(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.##} ms");

    private void Leave(Waiter waiter)
    {
        lock (_gate)
        {
            if (waiter.Place is { } place)
            {
                place.Leave();
                waiter.Place = null;
                waiter.SetCanceled();
            }
        }
    }

    /// <summary>Who waits for a turn. <see cref="Place"/> is guarded by the queue's lock: null once its fate is decided.</summary>
    private sealed class Waiter(TurnQueue queue, DateTimeOffset? deadline, CancellationToken cancellationToken)
        : TaskCompletionSource<Turn>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public DateTimeOffset? Deadline { get; } = deadline;

        public FairQueue<Waiter>.Place? Place { get; set; }

        public void Cancel() => queue.Leave(this);

        public new void SetCanceled() => SetCanceled(cancellationToken);
    }
}
