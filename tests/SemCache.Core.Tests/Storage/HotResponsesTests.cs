using SemCache.Core.Partitions;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage;

public sealed class HotResponsesTests
{
    private const int ResponseBytes = 1000;
    private const long Budget = 100_000;

    private readonly HotResponses _hot = new();

    public HotResponsesTests() => _hot.SetBudget(Budget);

    [Fact]
    public void Add_OfMoreThanTheBudget_KeepsWithinItAndWhatWasUsed()
    {
        Entry used = TestEntries.New();
        _hot.Add(used, Content("used"));
        for (int i = 0; i < 1000; i++)
        {
            _hot.Add(TestEntries.New(), Content("another"));
            Assert.True(_hot.TryGet(used, out PutContent? content));
            Assert.Equal("used", content.Prompt.Text);
            Assert.InRange(_hot.Bytes, 1, Budget);
        }

        Assert.InRange(_hot.Bytes, Budget * 9 / 10, Budget);
        Assert.InRange(_hot.Count, 50, 100);
    }

    [Fact]
    public void Add_OfAResponse_LetsGoOfTheRecordAroundIt()
    {
        byte[] record = new byte[100_000];
        Entry entry = TestEntries.New();
        PutContent content = Content("p") with { Response = new CachedResponse(record.AsMemory(500, 10), true, "") };
        _hot.Add(entry, content);
        Assert.True(_hot.TryGet(entry, out PutContent? kept));
        Assert.Equal(content.Response.Body.ToArray(), kept.Response.Body.ToArray());
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(kept.Response.Body, out ArraySegment<byte> array));
        Assert.Equal(10, array.Array!.Length);
    }

    [Fact]
    public void Add_OfOneThatIsTooLarge_KeepsTheOthers()
    {
        (Entry small, Entry large) = (TestEntries.New(), TestEntries.New());
        _hot.Add(small, Content("p"));
        _hot.Add(large, Content("p", (int)Budget / 10));
        Assert.True(_hot.TryGet(small, out _));
        Assert.False(_hot.TryGet(large, out _));
    }

    [Fact]
    public void Add_OfAnEntryThatWasRemoved_KeepsNothing()
    {
        Entry entry = TestEntries.New();
        entry.IsRemoved = true;
        _hot.Add(entry, Content("p"));
        Assert.Equal((0, 0), (_hot.Count, _hot.Bytes));
    }

    [Fact]
    public void Remove_OfAnEntry_GivesItsBytesBack()
    {
        Entry entry = TestEntries.New();
        _hot.Add(entry, Content("p"));
        long bytes = _hot.Bytes;
        _hot.Add(entry, Content("p"));
        Assert.Equal(bytes, _hot.Bytes);
        _hot.Remove(entry);
        Assert.False(_hot.TryGet(entry, out _));
        Assert.Equal(0, _hot.Bytes);
    }

    [Fact]
    public void Remove_OfAnEntry_LeavesNothingThatHoldsItOrItsResponse()
    {
        _hot.Add(TestEntries.New(), Content("stays"));
        (WeakReference entry, WeakReference content) = AddAndRemove();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.False(entry.IsAlive || content.IsAlive);
        Assert.Equal(1, _hot.Count);
    }

    [Fact]
    public void Removals_InAnyOrder_LeaveTheOthersAndMakeRoomForMore()
    {
        var random = new Random(1);
        var present = new List<Entry>();
        for (int i = 0; i < 5000; i++)
        {
            if (present.Count > 0 && random.Next(2) == 0)
            {
                Entry gone = present[random.Next(present.Count)];
                present.Remove(gone);
                _hot.Remove(gone);
            }
            else
            {
                present.Add(TestEntries.New());
                _hot.Add(present[^1], Content("p"));
            }

            _hot.TryGet(present.Count > 0 ? present[random.Next(present.Count)] : TestEntries.New(), out _);
            Assert.InRange(_hot.Bytes, 0, Budget);
        }

        Assert.Equal(_hot.Count, present.Count(entry => _hot.TryGet(entry, out _)));
        Assert.InRange(_hot.Count, 1, 80);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40_000)]
    public void SetBudget_OfLess_HoldsNoMoreThanThat(long budget)
    {
        for (int i = 0; i < 60; i++)
        {
            _hot.Add(TestEntries.New(), Content("p"));
        }

        _hot.SetBudget(budget);
        Assert.InRange(_hot.Bytes, 0, budget);
        _hot.Add(TestEntries.New(), Content("p"));
        Assert.Equal(budget > 0, _hot.Bytes > 0);
    }

    [Fact]
    public void Bytes_OfManyResponses_AreThoseThatTheHeapHasAllocated()
    {
        var hot = new HotResponses();
        hot.SetBudget(64L << 20);
        (Entry Entry, PutContent Content)[] served =
            [.. Enumerable.Range(0, 10_000).Select(i => (TestEntries.New(), Content($"prompt {i}")))];
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach ((Entry entry, PutContent content) in served)
        {
            hot.Add(entry, content);
        }

        // The prompts were there before; that they stay is counted.
        double allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(served.Length, hot.Count);
        Assert.InRange(hot.Bytes / allocated, 0.85, 1.15);
    }

    [Fact]
    public async Task AddsAndRemovals_OfManyThreads_LeaveAnExactSum()
    {
        Entry[] entries = [.. Enumerable.Range(0, 500).Select(_ => TestEntries.New())];
        await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            for (int i = 0; i < 20_000; i++)
            {
                Entry entry = entries[random.Next(entries.Length)];
                if (random.Next(3) == 0)
                {
                    _hot.Remove(entry);
                }
                else
                {
                    _hot.Add(entry, Content("p"));
                }
            }
        })));
        Array.ForEach(entries, _hot.Remove);
        Assert.Equal((0, 0), (_hot.Count, _hot.Bytes));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private (WeakReference Entry, WeakReference Content) AddAndRemove()
    {
        Entry entry = TestEntries.New();
        _hot.Add(entry, Content("goes"));
        Assert.True(_hot.TryGet(entry, out PutContent? content));
        _hot.Remove(entry);
        return (new WeakReference(entry), new WeakReference(content));
    }

    private static PutContent Content(string prompt, int bytes = ResponseBytes) => new(
        Prompt.FromText(prompt), new CachedResponse(new byte[bytes], true, ""), new Usage("model"), []);
}
