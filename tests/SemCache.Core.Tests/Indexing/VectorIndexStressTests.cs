using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics.Tensors;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Indexing;

/// <summary>
/// Writers, maintenance and searches at once, for three seconds, or as many as SEMCACHE_STRESS_SECONDS says.
/// </summary>
public sealed class VectorIndexStressTests
{
    private const int Dimension = 64;
    private const int Writers = 2;
    private const int Searchers = 5;
    private const int MostBacklog = 64;

    private static readonly TimeSpan _duration = TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("SEMCACHE_STRESS_SECONDS") ?? "3", CultureInfo.InvariantCulture));

    [Fact]
    public async Task Search_WhileOthersWriteAndMaintain_FindsLiveEntriesWithTheirOwnVectors()
    {
        var stress = new Stress();
        using var done = new CancellationTokenSource(_duration);

        await Task.WhenAll(
        [
            .. Enumerable.Range(0, Writers).Select(writer => Run(() => stress.Write(writer, done.Token))),
            .. Enumerable.Range(0, Searchers).Select(searcher => Run(() => stress.Search(searcher, done.Token))),
            Run(() => stress.Maintain(done.Token)),
        ]);

        stress.AssertNothingWasLost();

        // What fails ends all of it, at once.
        Task Run(Action work) => Task.Factory.StartNew(
            () =>
            {
                try
                {
                    work();
                }
                catch
                {
                    done.Cancel();
                    throw;
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    private sealed class Stress
    {
        // By turns few and many, so that the index becomes a graph and a scan again, in one block and in several.
        private static readonly int[] _sizes = [20, 300, 15, 90, 20, 600, 10, 1500];

        private readonly TestVectors _vectors = new();
        private readonly Lock _gate = new();
        private readonly VectorIndex _index;
        private readonly ConcurrentDictionary<Entry, long> _removals = new();
        private readonly Entry?[] _stable = new Entry?[64];
        private readonly List<Entry>[] _live = [.. Enumerable.Range(0, Writers).Select(_ => new List<Entry>())];
        private long _clock;
        private long _checked;
        private long _soughtStable;
        private long _missedStable;
        private long _graphs;

        public Stress() => _index = new VectorIndex(
            new IndexContext(Dimension, _vectors, new IndexMaintenance(1, _ => { })),
            _gate,
            () => new IndexSettings(M: 12, EfConstruction: 96, EfSearch: 64, FlatEntries: 64),
            new ByteAccount());

        public void Write(int writer, CancellationToken done)
        {
            var vectors = new ClusteredVectors(writer, Dimension, clusters: 10, spread: 1);
            var random = new Random(writer);
            List<Entry> live = _live[writer];
            for (int turn = 0; !done.IsCancellationRequested; turn++)
            {
                int size = _sizes[turn % _sizes.Length];
                while (live.Count != size && !done.IsCancellationRequested)
                {
                    // Three steps forward, one back.
                    bool adds = random.Next(4) == 0 ? live.Count > size : live.Count < size;
                    if (adds || live.Count == 0)
                    {
                        live.Add(Add(vectors.Next()));
                    }
                    else
                    {
                        RemoveAt(live, random.Next(live.Count));
                    }

                    // Maintenance shall not fall behind for good.
                    while (_index.Backlog > MostBacklog && !done.IsCancellationRequested)
                    {
                        done.WaitHandle.WaitOne(1);
                    }
                }

                // The settled state is searched as well.
                done.WaitHandle.WaitOne(random.Next(20));
            }
        }

        public void Search(int searcher, CancellationToken done)
        {
            var vectors = new ClusteredVectors(searcher % Writers, Dimension, clusters: 10, spread: 1);
            var random = new Random(searcher);
            var found = new ScoredEntry[8];
            for (int i = 0; !done.IsCancellationRequested; i++)
            {
                SearchAny(vectors.Next(), found);
                SearchStable(random.Next(_stable.Length), found);
                if (i % 50 == 0)
                {
                    // Processors for the others.
                    done.WaitHandle.WaitOne(1);
                }
            }
        }

        public void Maintain(CancellationToken done)
        {
            while (!done.IsCancellationRequested)
            {
                _index.Maintain(threads: 2);
                IndexReport report;
                lock (_gate)
                {
                    report = _index.Validate();
                }

                Assert.Empty(report.Problems);
                // A node is an entry's, or known to have lost it.
                Assert.InRange(report.Linked, 0, report.Entries + report.Pending);
                _graphs += report.Linked > 0 ? 1 : 0;
            }
        }

        public void AssertNothingWasLost()
        {
            Entry[] live = [.. _live.SelectMany(entries => entries)];
            // Before and after the last of it is linked.
            AssertFindsAll(live);
            while (_index.Maintain(threads: 2))
            {
            }

            AssertFindsAll(live);
            IndexReport report = _index.Validate();
            Assert.Empty(report.Problems);
            Assert.Equal((live.Length, 0), (report.Entries, report.Pending));
            Assert.Equal(report.Linked == 0 ? 0 : live.Length, report.Linked);
            Assert.True(_checked > 1000 && _soughtStable > 1000 && _graphs > 10, "Too little was tried.");
            Assert.InRange(_missedStable, 0, _soughtStable / 1000);
        }

        private Entry Add(float[] vector)
        {
            Entry entry = TestEntries.New();
            _vectors[entry] = vector;
            lock (_gate)
            {
                _index.Add(entry, vector);
            }

            Volatile.Write(ref _stable[entry.Location.Address % _stable.Length], entry);
            return entry;
        }

        private void RemoveAt(List<Entry> live, int place)
        {
            Entry entry = live[place];
            live[place] = live[^1];
            live.RemoveAt(live.Count - 1);
            // Not marked as removed: that it is not found is up to the index.
            _removals[entry] = long.MaxValue;
            lock (_gate)
            {
                _index.Remove(entry);
            }

            _removals[entry] = Interlocked.Increment(ref _clock);
        }

        private void SearchAny(float[] query, ScoredEntry[] found)
        {
            long begun = Interlocked.Read(ref _clock);
            int count = _index.Search(query, -1, found);
            for (int i = 0; i < count; i++)
            {
                (Entry entry, float similarity) = found[i];
                Assert.Equal(TensorPrimitives.Dot<float>(query, _vectors[entry]), similarity, TestIndex.Exactness);
                Assert.True(i == 0 || similarity <= found[i - 1].Similarity, "What is nearer comes first.");
                Assert.DoesNotContain(found[..i], other => other.Entry == entry);
                Assert.False(
                    _removals.TryGetValue(entry, out long removed) && removed <= begun,
                    "An entry was found whose removal had returned.");
            }

            Interlocked.Add(ref _checked, count);
        }

        // An entry that was there all the time is found by its own vector.
        private void SearchStable(int place, ScoredEntry[] found)
        {
            if (Volatile.Read(ref _stable[place]) is not { } entry || _removals.ContainsKey(entry))
            {
                return;
            }

            int count = _index.Search(_vectors[entry], 0.99f, found);
            bool isFound = found[..count].Any(scored => scored.Entry == entry);
            if (!_removals.ContainsKey(entry))
            {
                Interlocked.Increment(ref _soughtStable);
                Interlocked.Add(ref _missedStable, isFound ? 0 : 1);
            }
        }

        private void AssertFindsAll(Entry[] live)
        {
            var found = new ScoredEntry[1];
            int missed = 0;
            foreach (Entry entry in live)
            {
                float[] vector = _vectors[entry];
                Assert.Equal(1, _index.Scan(vector, found));
                Assert.Same(entry, found[0].Entry);
                missed += _index.Search(vector, 0.99f, 256, found) == 1 && found[0].Entry == entry ? 0 : 1;
            }

            Assert.InRange(missed, 0, live.Length / 500);
        }
    }
}
