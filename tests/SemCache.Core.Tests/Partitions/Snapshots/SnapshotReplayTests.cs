using Microsoft.Extensions.Logging;
using SemCache.Core.Partitions;
using SemCache.Core.Partitions.Snapshots;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Partitions.Snapshots;

/// <summary>A snapshot and the replay behind it must come to what a scan of the whole log comes to.</summary>
public sealed class SnapshotReplayTests : IDisposable
{
    private const int Partitions = 6;
    private const int Texts = 60;

    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Load_KnowsWherePartitionsAreDefined_AndCountsThemAsLive()
    {
        string folder = FolderOf(1);
        (Dictionary<UInt128, long> DefinedAt, long Live) before;
        await using (LoggedEntries entries = LoggedEntries.Start(folder))
        {
            var random = new Random(1);
            for (int i = 0; i < 90; i++)
            {
                // So that a replay from the end meets no definition of the first partition.
                await entries.PutAsync(i < 3 ? 0 : 1 + (i % 2), i, random);
            }

            await entries.Snapshots.SaveAsync(default);
            before = Of(entries);
        }

        await using LoggedEntries again = LoggedEntries.Start(folder);
        Assert.Equal(3, before.DefinedAt.Count);
        Assert.All(before.DefinedAt, defined => Assert.True(defined.Value >= 0));
        Assert.Equal(before.DefinedAt, Of(again).DefinedAt);
        Assert.Equal(before.Live, Of(again).Live);

        static (Dictionary<UInt128, long> DefinedAt, long Live) Of(LoggedEntries entries) => (
            entries.Registry.Partitions.ToDictionary(partition => partition.Digest, partition => partition.DefinedAt),
            entries.Log.Usage.LiveBytes);
    }

    [Fact]
    public async Task Load_CapturedWhileWritersRun_EqualsAScanOfTheWholeLog()
    {
        int loaded = 0;
        for (int seed = 0; seed < 25; seed++)
        {
            string folder = FolderOf(seed);
            await using (LoggedEntries entries = LoggedEntries.Start(folder))
            {
                await WriteAsync(entries, seed, operations: 600);
                Task[] writers = [.. Enumerable.Range(0, 3).Select(
                    writer => Task.Run(() => WriteAsync(entries, (seed * 10) + writer + 1, operations: 300)))];
                await Task.Run(() => entries.Snapshots.SaveAsync(default));
                await Task.WhenAll(writers);
            }

            loaded += await AssertEqualsScanAsync(folder, seed);
        }

        Assert.Equal(25, loaded);
    }

    [Fact]
    public async Task Load_LogCompactedBeforeDuringAndAfterTheCapture_EqualsAScanOfTheWholeLog()
    {
        for (int seed = 0; seed < 15; seed++)
        {
            string folder = FolderOf(seed);
            await using (LoggedEntries entries = LoggedEntries.Start(folder))
            {
                await WriteAsync(entries, seed, operations: 800);
                await entries.CompactAsync();
                Task compacting = Task.Run(async () =>
                {
                    for (int i = 0; i < 4; i++)
                    {
                        await entries.CompactAsync();
                        await WriteAsync(entries, seed + (100 * i), operations: 50);
                    }
                });
                await Task.Run(() => entries.Snapshots.SaveAsync(default));
                await compacting;
                await WriteAsync(entries, seed + 1000, operations: 100);
                await entries.CompactAsync();
            }

            await AssertEqualsScanAsync(folder, seed);
        }
    }

    [Fact]
    public async Task Load_AfterACleanEnd_HasHitsAndRanksAndGoesOnWithTheIds()
    {
        string folder = FolderOf(1);
        Dictionary<Guid, (int, double, byte)> before;
        Guid last;
        await using (LoggedEntries entries = LoggedEntries.Start(folder))
        {
            await WriteAsync(entries, 1, operations: 300);
            await entries.Snapshots.SaveAsync(default);
            before = EvictionOf(entries);
            last = entries.Ids.Next(LoggedEntries.Now);
        }

        await using LoggedEntries again = LoggedEntries.Start(folder);
        Dictionary<Guid, (int, double, byte)> after = EvictionOf(again);
        Assert.NotEmpty(after);
        Assert.Equal(before, after);
        Assert.True(again.Ids.Next(LoggedEntries.Now).CompareTo(after.Keys.Max()) > 0);
        Assert.True(last.CompareTo(after.Keys.Max()) > 0);
    }

    [Fact]
    public async Task Load_OtherModel_HasEveryEntryAndNoVector()
    {
        string folder = FolderOf(1);
        int count;
        await using (LoggedEntries entries = LoggedEntries.Start(folder))
        {
            await WriteAsync(entries, 1, operations: 300);
            await entries.Snapshots.SaveAsync(default);
            count = entries.Describe().Count;
        }

        await using LoggedEntries again = LoggedEntries.Start(folder, LoggedEntries.OtherModel);
        Assert.Equal(count, again.Describe().Count);
        Assert.All(
            again.Registry.Partitions.SelectMany(partition => partition.Entries),
            entry => Assert.Equal(Entry.AwaitsVector, entry.IndexSlot));
        Assert.Equal(
            again.Registry.Namespaces.Sum(ns => (long)ns.EntryCount),
            again.Registry.Namespaces.Sum(ns => ns.WithoutVector));
    }

    [Fact]
    public async Task Load_LogThatHasLostItsEnd_ScansAndNeverUsesTheSnapshotAgain()
    {
        string folder = FolderOf(1);
        await using (LoggedEntries entries = LoggedEntries.Start(folder))
        {
            await WriteAsync(entries, 1, operations: 300);
            await entries.Snapshots.SaveAsync(default);
        }

        string last = Directory.GetFiles(folder, "entries.log.*").OrderBy(NumberOf).Last();
        File.Delete(last);
        await using (LoggedEntries entries = LoggedEntries.Start(folder))
        {
            Assert.Contains(entries.Logs.At(LogLevel.Warning), IsLostEnd);
            // The log grows over the addresses that the snapshot knew.
            await WriteAsync(entries, 2, operations: 300);
        }

        await using LoggedEntries again = LoggedEntries.Start(folder);
        Assert.DoesNotContain(again.Logs.At(LogLevel.Information), IsLoaded);
    }

    [Fact]
    public async Task Load_SegmentMissing_DropsItsEntriesAndSaysHowMany()
    {
        string folder = FolderOf(1);
        await using (LoggedEntries entries = LoggedEntries.Start(folder))
        {
            await WriteAsync(entries, 1, operations: 600);
            await entries.Snapshots.SaveAsync(default);
        }

        string[] segments = [.. Directory.GetFiles(folder, "entries.log.*").OrderBy(NumberOf)];
        Assert.True(segments.Length > 3);
        File.Delete(segments[1]);
        await using LoggedEntries again = LoggedEntries.Start(folder);
        Assert.Contains(again.Logs.At(LogLevel.Error), message => message.Contains("entries are lost", StringComparison.Ordinal));
        Assert.All(
            again.Registry.Partitions.SelectMany(partition => partition.Entries),
            entry => Assert.NotEqual(1, again.Log.SegmentOf(entry.Location)));
        Assert.NotEmpty(again.Describe());
    }

    private static async Task WriteAsync(LoggedEntries entries, int seed, int operations)
    {
        var random = new Random(seed);
        for (int i = 0; i < operations; i++)
        {
            (int partition, int text) = (random.Next(Partitions), random.Next(Texts));
            switch (random.Next(20))
            {
                case < 11:
                    await entries.PutAsync(partition, text, random);
                    break;
                case < 15:
                    await entries.RemoveAsync(partition, text);
                    break;
                case < 17:
                    await entries.ReembedAsync(partition, text, random);
                    break;
                case < 19 when entries.PartitionOf(partition).Entries.FirstOrDefault() is { } entry:
                    await entries.CopyAsync(entry);
                    break;
                default:
                    entries.Expire(partition);
                    break;
            }
        }
    }

    // Of copies of the folder, for a start changes it.
    private async Task<int> AssertEqualsScanAsync(string folder, int seed)
    {
        string scanned = Copy(folder, "scanned");
        File.Delete(Path.Combine(scanned, EntrySnapshots.FileName));
        await using LoggedEntries expected = LoggedEntries.Start(scanned);
        await using LoggedEntries actual = LoggedEntries.Start(folder);
        Assert.Contains(actual.Logs.At(LogLevel.Information), IsLoaded);
        Assert.Empty(actual.Logs.At(LogLevel.Error));
        SortedDictionary<string, string> state = expected.Describe();
        Assert.True(state.Count > 50, $"seed {seed}");
        Assert.Equal(state, actual.Describe());
        Assert.All(actual.Registry.Partitions, partition => Assert.Equal(
            partition.Entries.Count(entry => entry.IndexSlot == Entry.AwaitsVector), partition.WithoutVector));
        return 1;
    }

    private static Dictionary<Guid, (int Hits, double Rank, byte Mark)> EvictionOf(LoggedEntries entries) => entries.Registry
        .Partitions.SelectMany(partition => partition.Entries)
        .ToDictionary(entry => entry.Id, entry => (entry.Hits, entry.Rank, entry.Mark));

    private static bool IsLoaded(string message) => message.StartsWith("Snapshot of", StringComparison.Ordinal);

    private static bool IsLostEnd(string message) => message.Contains("has lost that end", StringComparison.Ordinal);

    private static int NumberOf(string segment) => int.Parse(
        Path.GetExtension(segment).AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);

    private string FolderOf(int seed) => Path.Combine(_temporary.Path, $"{seed}");

    private string Copy(string folder, string name)
    {
        string copy = folder + name;
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.GetFiles(folder).Where(file => Path.GetFileName(file) != "lock"))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return copy;
    }
}
