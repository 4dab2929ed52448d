using SemCache.Core.Partitions;

namespace SemCache.Core.Eviction.Policies;

/// <summary>
/// S3-FIFO (Yang et al., "FIFO Queues are All You Need for Cache Eviction", SOSP 2023): a small queue for what is new, a
/// main queue for what was served from there more than once, and a memory of what left the small queue not long ago, which
/// goes straight to the main one when it comes back.
/// </summary>
/// <remarks>
/// The shares of the queues are counted in entries. Those that leave otherwise stay in their queue until they are met or
/// make up half of both. All but <see cref="Hit"/> takes the lock, for a bounded number of steps at a time.
/// </remarks>
internal sealed class S3FifoPolicy : IEvictionPolicy
{
    private const byte MostVisits = 3;
    private const byte VisitsForMain = 2;

    // One entry in so many is in the small queue.
    private const int SmallShare = 10;
    private const int StepsAtATime = 64;
    private const int FewestDead = 64;

    // Which queue an entry is in, kept in its rank.
    private const double InNone = 0;
    private const double InSmall = 1;
    private const double InMain = 2;

    private readonly Lock _gate = new();
    private readonly Ghosts _ghosts = new();
    private Queue<Entry> _small = new();
    private Queue<Entry> _main = new();
    private int _smallLive;
    private int _mainLive;

    public long Bytes { get; private set; }

    public void Added(Entry entry)
    {
        lock (_gate)
        {
            entry.Mark = 0;
            Push(entry, _ghosts.Remove(FingerprintOf(entry)) ? InMain : InSmall);
            Account();
        }
    }

    // Into its queue; where in it it was is not known any more.
    public void Restored(Entry entry)
    {
        lock (_gate)
        {
            Push(entry, entry.Rank == InMain ? InMain : InSmall);
            Account();
        }
    }

    public void Hit(Entry entry)
    {
        entry.Hits++;
        entry.Mark = (byte)Math.Min(entry.Mark + 1, MostVisits);
    }

    public void Removed(Entry entry)
    {
        lock (_gate)
        {
            Leave(entry);
            if (_small.Count + _main.Count > (2 * (_smallLive + _mainLive)) + FewestDead)
            {
                _small = new Queue<Entry>(_small.Where(present => present.Rank == InSmall));
                _main = new Queue<Entry>(_main.Where(present => present.Rank == InMain));
                Account();
            }
        }
    }

    public Entry? NextVictim(IReadOnlySet<Entry> taken)
    {
        while (true)
        {
            lock (_gate)
            {
                for (int step = 0; step < StepsAtATime; step++)
                {
                    if (_smallLive + _mainLive == 0)
                    {
                        return null;
                    }

                    bool isSmallDue = _mainLive == 0 || _smallLive * SmallShare > _smallLive + _mainLive;
                    if ((isSmallDue ? FromSmall() : FromMain()) is { } victim)
                    {
                        return victim;
                    }
                }
            }
        }
    }

    public void Spare(Entry victim)
    {
        lock (_gate)
        {
            if (!victim.IsRemoved)
            {
                Push(victim, InMain);
            }
        }
    }

    private static ulong FingerprintOf(Entry entry) => KeyHash.Of(
        (ulong)entry.TextHash ^ (ulong)entry.Partition.Digest,
        (ulong)(entry.TextHash >> 64) ^ (ulong)(entry.Partition.Digest >> 64));

    private Entry? FromSmall()
    {
        Entry oldest = _small.Dequeue();
        if (oldest.Rank != InSmall)
        {
            return null;
        }

        Leave(oldest);
        if (oldest.Mark >= VisitsForMain)
        {
            oldest.Mark = 0;
            Push(oldest, InMain);
            return null;
        }

        _ghosts.Add(FingerprintOf(oldest), Math.Max(_mainLive, FewestDead));
        return oldest;
    }

    private Entry? FromMain()
    {
        Entry oldest = _main.Dequeue();
        if (oldest.Rank != InMain)
        {
            return null;
        }

        Leave(oldest);
        if (oldest.Mark == 0)
        {
            return oldest;
        }

        oldest.Mark--;
        Push(oldest, InMain);
        return null;
    }

    private void Push(Entry entry, double queue)
    {
        entry.Rank = queue;
        if (queue == InMain)
        {
            _main.Enqueue(entry);
            _mainLive++;
        }
        else
        {
            _small.Enqueue(entry);
            _smallLive++;
        }
    }

    // Its place in the queue is passed over when it is met.
    private void Leave(Entry entry)
    {
        _smallLive -= entry.Rank == InSmall ? 1 : 0;
        _mainLive -= entry.Rank == InMain ? 1 : 0;
        entry.Rank = InNone;
    }

    private void Account() => Bytes = ((long)(_small.Capacity + _main.Capacity) * IntPtr.Size) + _ghosts.Bytes;

    /// <summary>Fingerprints of what left the small queue, oldest first, as many as are of use.</summary>
    private sealed class Ghosts
    {
        // Of a set: fingerprint, next, and bucket.
        private const int BytesInSet = 24;

        private readonly HashSet<ulong> _present = [];
        private readonly Queue<ulong> _order = new();

        public long Bytes => ((long)_order.Capacity * sizeof(ulong)) + ((long)_present.Capacity * BytesInSet);

        public void Add(ulong fingerprint, int most)
        {
            if (_present.Add(fingerprint))
            {
                _order.Enqueue(fingerprint);
            }

            while (_order.Count > most)
            {
                _present.Remove(_order.Dequeue());
            }
        }

        /// <summary>Whether it was there. Its place in the order stays until its turn comes.</summary>
        public bool Remove(ulong fingerprint) => _present.Remove(fingerprint);
    }
}
