using Microsoft.Extensions.Logging;
using SemCache.Core.Partitions;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage.Compaction;

public sealed class CompactorTests : IDisposable
{
    private const int Partitions = 3;
    private const int Texts = 400;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_OfReplacedEntries_GivesTheirBytesBackAndKeepsTheRest()
    {
        Dictionary<Guid, string?> expected;
        await using (TestLog log = TestLog.Open(_folder.Path))
        {
            await ChurnAsync(log, rounds: 6);
            expected = log.Content();
            long before = log.FileBytes;
            await RunAsync(log);
            Assert.True(log.FileBytes < before / 2, $"{before} bytes before, {log.FileBytes} after.");
            Assert.True(log.Log.Usage.LiveBytes >= log.Options.LiveRatio * log.Log.Bytes || log.Log.TailSegment - log.Log.FirstSegment <= 2);
            Assert.Equal(expected, log.Content());
        }

        await using TestLog again = TestLog.Open(_folder.Path);
        Assert.Equal(expected, again.Content());
        Assert.DoesNotContain(expected.Values, response => response is null);
    }

    [Fact]
    public async Task Run_AgainAndAgainWhileEverythingIsReplaced_WritesNoMoreThanTheRatioAllows()
    {
        await using TestLog log = TestLog.Open(_folder.Path);
        await ChurnAsync(log, rounds: 1);
        var random = new Random(4);
        long before = log.Log.AppendedUntil;
        long stored = 0;
        for (int i = 0; i < 5000; i++)
        {
            int text = random.Next(Texts);
            Entry entry = await log.StoreAsync(text % Partitions, text, Response(text, i));
            stored += LogScanner.AlignedLength(entry.Location.Length);
            if (i % 20 == 0)
            {
                await RunAsync(log);
            }
        }

        double amplification = (double)(log.Log.AppendedUntil - before) / stored;
        Assert.InRange(amplification, 1, 1 / (1 - log.Options.LiveRatio));
        Assert.InRange(
            log.FileBytes, 0, (log.Log.Usage.LiveBytes / log.Options.LiveRatio) + (2 * TestLog.SegmentSize));
    }

    [Fact]
    public async Task Run_NothingLive_DeletesSegmentsWithoutReadingThem()
    {
        await using TestLog log = TestLog.Open(_folder.Path);
        List<Entry> entries = await ChurnAsync(log, rounds: 2);
        foreach (Entry entry in entries)
        {
            await log.RemoveAsync(entry);
        }

        await RunAsync(log);
        Assert.Equal(log.Log.TailSegment, log.Log.FirstSegment);
        Assert.All(
            log.Logs.At(LogLevel.Information), message => Assert.Contains("nothing in it was of use", message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_AllLive_WritesNothingEvenBeyondTheBudget()
    {
        await using TestLog log = TestLog.Open(_folder.Path);
        for (int text = 0; text < Texts; text++)
        {
            await log.StoreAsync(0, text, Response(text, 0));
        }

        long appended = log.Log.AppendedUntil;
        await log.Compactor.RunAsync(() => 1, CancellationToken.None);
        Assert.Equal(appended, log.Log.AppendedUntil);
        Assert.Equal(0, log.Log.FirstSegment);
    }

    [Fact]
    public async Task Run_ProcessEndsBetweenAnyTwoSteps_EverythingIsThereAfterwards()
    {
        await using TestLog log = TestLog.Open(_folder.Path);
        await ChurnAsync(log, rounds: 3);
        Entry removed = log.Entries.OrderBy(entry => entry.Location.Address).First();
        await log.RemoveAsync(removed);
        await log.Log.CommitAsync(log.Log.AppendedUntil);
        Dictionary<Guid, string?> expected = log.Content();
        using var copies = new TemporaryFolder();
        string At(string step) => Path.Combine(copies.Path, step);

        log.CopyTo(At("before"));
        await log.Copy.RunAsync(0, pace: null, CancellationToken.None);
        log.CopyTo(At("copied"));
        await log.Log.CommitAsync(log.Log.AppendedUntil);
        log.CopyTo(At("committed"));
        // Two segments let go of at once, and the process ended when one of them was deleted.
        await log.Copy.RunAsync(1, pace: null, CancellationToken.None);
        await log.Log.CommitAsync(log.Log.AppendedUntil);
        foreach (string step in (string[])["begun", "deleted"])
        {
            log.CopyTo(At(step));
            new LogBegin(At(step), log.Log.Identity).Write(2 * TestLog.SegmentSize);
        }

        File.Delete(Path.Combine(At("deleted"), "entries.log.0"));
        log.Log.TruncateBefore(2 * TestLog.SegmentSize);
        log.CopyTo(At("truncated"));

        Assert.All(Directory.GetDirectories(copies.Path), folder => AssertHolds(folder, expected));
        Assert.Equal(expected, log.Content());
    }

    [Fact]
    public async Task Run_EmbeddedAgain_WritesOneRecordWithThePresentVector()
    {
        var random = new Random(2);
        var vectors = new Dictionary<Guid, float[]>();
        await using (TestLog log = TestLog.Open(_folder.Path))
        {
            for (int text = 0; text < Texts; text++)
            {
                Entry entry = await log.StoreAsync(0, text, Response(text, 0), TestLog.Former);
                vectors[entry.Id] = TestEntries.RandomVector(random, TestLog.Dimension);
            }

            foreach (Entry entry in log.Entries)
            {
                await log.ReembedAsync(entry, vectors[entry.Id]);
            }

            for (long segment = 0; segment < 2; segment++)
            {
                await log.Copy.RunAsync(segment, pace: null, CancellationToken.None);
                Assert.Equal(0, log.Log.Usage.LiveIn(segment));
            }

            await log.Log.CommitAsync(log.Log.AppendedUntil);
            log.Log.TruncateBefore(2 * TestLog.SegmentSize);
            Assert.Contains(log.Entries, entry => entry.ReembedAddress == 0);
            AssertVectors(log, vectors);
        }

        await using TestLog again = TestLog.Open(_folder.Path);
        Assert.Equal(Texts, again.Entries.Count());
        Assert.All(again.Entries, entry => Assert.True(entry.IndexSlot >= 0));
        AssertVectors(again, vectors);
    }

    [Fact]
    public async Task Run_PartitionDefinedOnlyInADeletedSegment_IsDefinedAgain()
    {
        Dictionary<Guid, string?> expected;
        await using (TestLog log = TestLog.Open(_folder.Path))
        {
            Entry first = await log.StoreAsync(7, 1, "first");
            while (log.Log.TailSegment < 3)
            {
                await log.StoreAsync(0, 0, new string('x', 5000));
            }

            // As when the definition was the last record of its segment, and another partition's filled it.
            Partition partition = first.Partition;
            long definedAt = partition.DefinedAt;
            partition.NoteDefined(log.Log.TailSegment * TestLog.SegmentSize);
            await log.StoreAsync(7, 2, "second");
            await log.RemoveAsync(first);
            partition.ForgetDefinition();
            partition.NoteDefined(definedAt);
            await RunAsync(log);
            Assert.True(log.Log.FirstSegment > 0);
            expected = log.Content();
        }

        await using TestLog again = TestLog.Open(_folder.Path);
        Assert.Equal("second", again.ResponseOf(7, 2));
        Assert.Equal(expected, again.Content());
    }

    [Fact]
    public async Task Loop_WhileReadersAndWritersAreAtWork_NoReaderMissesALiveEntry()
    {
        await using TestLog log = TestLog.Open(_folder.Path);
        for (int text = 0; text < Texts; text++)
        {
            await log.StoreAsync(text % Partitions, text, Response(text, 0));
        }

        using var stopping = new CancellationTokenSource();
        log.Compactor.Start(() => 4 * TestLog.SegmentSize);
        Task[] readers = [.. Enumerable.Range(0, 2).Select(seed => Task.Run(() => Read(log, seed, stopping.Token)))];
        var random = new Random(3);
        while (log.Log.FirstSegment < 30)
        {
            // Texts from the second half on are never replaced: they are moved, over and over.
            int text = random.Next(Texts / 2);
            await log.StoreAsync(text % Partitions, text, Response(text, random.Next(100)));
        }

        await stopping.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Empty(log.Logs.At(LogLevel.Error));
        await AssertNoDeletedFileIsHeldOpenAsync();
    }

    // Its space would not come back.
    private async Task AssertNoDeletedFileIsHeldOpenAsync()
    {
        if (OperatingSystem.IsLinux())
        {
            // One is deleted first and closed then, and the loop goes on.
            for (int wait = 0; HeldOpen().Any() && wait < 500; wait++)
            {
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }

            Assert.Empty(HeldOpen());
        }

        IEnumerable<string> HeldOpen() => Directory.GetFiles("/proc/self/fd")
            .Select(path => new FileInfo(path).LinkTarget ?? "")
            .Where(target => target.StartsWith(_folder.Path, StringComparison.Ordinal)
                && target.EndsWith("(deleted)", StringComparison.Ordinal));
    }

    private static void Read(TestLog log, int seed, CancellationToken stopping)
    {
        var random = new Random(seed);
        float[] vector = new float[TestLog.Dimension];
        while (!stopping.IsCancellationRequested)
        {
            int text = random.Next(Texts / 2, Texts);
            string? response = log.ResponseOf(text % Partitions, text);
            Assert.StartsWith($"{text}:", response, StringComparison.Ordinal);
            Entry entry = log.Registry.Partitions
                .Select(partition => partition.Find((UInt128)text))
                .OfType<Entry>()
                .First();
            Assert.True(log.Log.TryRead(entry, vector));
            Assert.Equal(TestEntries.RandomVector(new Random(text), TestLog.Dimension), vector);
        }
    }

    // Every text, over and over, so that a segment holds some that are live and many that are not.
    private static async Task<List<Entry>> ChurnAsync(TestLog log, int rounds)
    {
        var random = new Random(1);
        var entries = new List<Entry>();
        for (int i = 0; i < rounds * Texts; i++)
        {
            int text = i < Texts ? i : random.Next(Texts);
            entries.Add(await log.StoreAsync(text % Partitions, text, Response(text, i)));
        }

        return entries;
    }

    private static string Response(int text, int round) => $"{text}:{round} {new string('x', 500 + (text % 900))}";

    private static Task RunAsync(TestLog log) => log.Compactor.RunAsync(() => long.MaxValue, CancellationToken.None);

    private static void AssertHolds(string folder, Dictionary<Guid, string?> expected)
    {
        TestLog log = TestLog.Open(folder);
        Assert.Equal(expected, log.Content());
        log.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static void AssertVectors(TestLog log, Dictionary<Guid, float[]> expected)
    {
        float[] vector = new float[TestLog.Dimension];
        Assert.All(log.Entries, entry =>
        {
            Assert.True(log.Log.TryRead(entry, vector));
            Assert.Equal(expected[entry.Id], vector);
        });
    }
}
