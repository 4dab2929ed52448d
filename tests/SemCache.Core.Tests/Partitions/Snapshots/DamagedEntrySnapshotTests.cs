using Microsoft.Extensions.Logging;
using SemCache.Core.Partitions;
using SemCache.Core.Partitions.Snapshots;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Partitions.Snapshots;

/// <summary>Files that are not what was written: never believed, and nothing is lost with them.</summary>
public sealed class DamagedEntrySnapshotTests : IAsyncLifetime
{
    private const int Entries = 150;

    private readonly TemporaryFolder _temporary = new();
    private readonly Random _random = new(5);
    private string _folder = "";
    private byte[] _sound = [];
    private LogIdentity _log;
    private SortedDictionary<string, string> _state = [];

    private string SnapshotPath => Path.Combine(_folder, EntrySnapshots.FileName);

    public async ValueTask InitializeAsync()
    {
        _folder = Path.Combine(_temporary.Path, "sound");
        await using (LoggedEntries entries = LoggedEntries.Start(_folder))
        {
            for (int i = 0; i < Entries; i++)
            {
                await entries.PutAsync(i % 3, i, _random);
            }

            await entries.Snapshots.SaveAsync(default);
            await entries.PutAsync(1, Entries, _random);
            _log = entries.Log.Identity;
            _state = entries.Describe();
        }

        _sound = await File.ReadAllBytesAsync(SnapshotPath);
    }

    public ValueTask DisposeAsync()
    {
        _temporary.Dispose();
        return default;
    }

    [Fact]
    public async Task Open_AnyBitFlipped_IsNoticedBeforeAnythingIsUsed()
    {
        await AssertRejectedAsync(2000, () =>
        {
            byte[] damaged = [.. _sound];
            damaged[_random.Next(damaged.Length)] ^= (byte)(1 << _random.Next(8));
            return damaged;
        });
    }

    [Fact]
    public async Task Open_CutAnywhere_IsNoticedBeforeAnythingIsUsed()
    {
        await AssertRejectedAsync(1000, () => _sound[.._random.Next(_sound.Length)]);
    }

    [Fact]
    public async Task Open_BlocksOfAnotherSnapshot_AreNotBelieved()
    {
        byte[] other;
        await using (LoggedEntries entries = LoggedEntries.Start(_folder))
        {
            await entries.Snapshots.SaveAsync(default);
            other = await File.ReadAllBytesAsync(SnapshotPath);
        }

        await AssertRejectedAsync(1, () => [.. _sound[..EntrySnapshotFormat.HeaderBytes], .. other[EntrySnapshotFormat.HeaderBytes..]]);
    }

    [Fact]
    public async Task Start_DamagedOrCut_ScansTheLogAndSaysWhy()
    {
        for (int round = 0; round < 20; round++)
        {
            byte[] damaged = round % 2 == 0 ? _sound[.._random.Next(_sound.Length)] : [.. _sound];
            if (round % 2 == 1)
            {
                damaged[_random.Next(EntrySnapshotFormat.HeaderBytes)] ^= 0x10;
            }

            await AssertScannedAsync(damaged, "");
        }
    }

    [Fact]
    public async Task Start_SnapshotOfAnotherLog_ScansTheLogAndSaysWhy()
    {
        string folder = Path.Combine(_temporary.Path, "other");
        await using (LoggedEntries entries = LoggedEntries.Start(folder))
        {
            await entries.PutAsync(1, 1, _random);
            await entries.Snapshots.SaveAsync(default);
        }

        await AssertScannedAsync(await File.ReadAllBytesAsync(Path.Combine(folder, EntrySnapshots.FileName)), "it belongs to another log");
    }

    [Fact]
    public async Task Start_VectorsDamaged_HasTheEntriesAndLetsThemWait()
    {
        byte[] damaged = [.. _sound];
        Guid id = Guid.Parse(_state.Values.First(value => value.Split(' ')[^1].Length > 10)[..36]);
        damaged[damaged.AsSpan().LastIndexOf(id.ToByteArray(bigEndian: true)) + 20] ^= 1;
        await File.WriteAllBytesAsync(SnapshotPath, damaged);

        await using LoggedEntries entries = LoggedEntries.Start(_folder);
        Assert.Contains(entries.Logs.At(LogLevel.Warning), warning => warning.StartsWith("Vectors of the", StringComparison.Ordinal));
        Assert.Equal(_state.Keys, entries.Describe().Keys);
        Assert.Equal(Entry.AwaitsVector, entries.Registry.Namespaces.Select(ns => ns.Find(id)).OfType<Entry>().Single().IndexSlot);
    }

    [Fact]
    public async Task Start_ReadErrorWhenTheEntriesAreRestored_ScansTheLogAndSaysWhy()
    {
        // The snapshot has an entry that the log has lost: it must not stay.
        LogLocation lost;
        await using (LoggedEntries sound = LoggedEntries.Start(_folder))
        {
            lost = sound.PartitionOf(1).Entries.MinBy(entry => entry.Location.Address)!.Location;
        }

        string segment = Path.Combine(_folder, "entries.log.0");
        byte[] damaged = await File.ReadAllBytesAsync(segment);
        damaged[lost.Address + LogScanner.HeaderBytes] ^= 1;
        await File.WriteAllBytesAsync(segment, damaged);
        File.Delete(SnapshotPath);
        SortedDictionary<string, string> state;
        SortedDictionary<long, long> live;
        await using (LoggedEntries scanned = LoggedEntries.Start(_folder))
        {
            (state, live) = (scanned.Describe(), LiveBytes(scanned));
        }

        await File.WriteAllBytesAsync(SnapshotPath, _sound);
        await using LoggedEntries entries = LoggedEntries.Start(
            _folder, onBlock: () => throw new IOException("the disk has had enough"));
        Assert.EndsWith("the disk has had enough", Assert.Single(entries.Logs.At(LogLevel.Warning)), StringComparison.Ordinal);
        Assert.NotEqual(_state, state);
        Assert.Equal(state, entries.Describe());
        Assert.Equal(live, LiveBytes(entries));
        Assert.False(File.Exists(SnapshotPath));
    }

    private static SortedDictionary<long, long> LiveBytes(LoggedEntries entries) => new(
        Enumerable.Range(0, (int)entries.Log.TailSegment + 1)
            .Where(segment => entries.Log.Usage.LiveIn(segment) > 0)
            .ToDictionary(segment => (long)segment, segment => entries.Log.Usage.LiveIn(segment)));

    private async Task AssertRejectedAsync(int times, Func<byte[]> damage)
    {
        string path = Path.Combine(_temporary.Path, "damaged");
        for (int i = 0; i < times; i++)
        {
            await File.WriteAllBytesAsync(path, damage());
            Exception? noticed = Record.Exception(() =>
            {
                using var file = EntrySnapshotFile.Open(path, _log, default);
                file.ReadRows(_ => { }, default);
            });
            Assert.IsType<InvalidDataException>(noticed);
        }
    }

    private async Task AssertScannedAsync(byte[] snapshot, string reason)
    {
        await File.WriteAllBytesAsync(SnapshotPath, snapshot);
        await using LoggedEntries entries = LoggedEntries.Start(_folder);
        string warning = Assert.Single(entries.Logs.At(LogLevel.Warning));
        Assert.StartsWith("The snapshot of entries is not used, the whole log is read: " + reason, warning, StringComparison.Ordinal);
        Assert.Equal(_state, entries.Describe());
        Assert.False(File.Exists(SnapshotPath));
    }
}
