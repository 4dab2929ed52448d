using SemCache.Core.Partitions.Snapshots;
using SemCache.Core.Prompts;
using SemCache.Core.Storage;
using SemCache.Core.Storage.Checking;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage.Checking;

public sealed class EntrySnapshotCheckTests : IAsyncLifetime
{
    private const int Entries = 40;

    private readonly CheckedFolder _folder = new();

    private string Snapshot => _folder.File(EntrySnapshots.FileName);

    // A clean stop saves the snapshot.
    public async ValueTask InitializeAsync() => await _folder.FillAndSaveAsync(Entries);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return default;
    }

    [Fact]
    public void Run_SoundSnapshot_IsFine()
    {
        Assert.True(File.Exists(Snapshot));
        Assert.Empty(_folder.Check().Findings);
    }

    [Fact]
    public void Run_AnyByteChangedOrCut_IsAProblemOfThatFile()
    {
        byte[] sound = File.ReadAllBytes(Snapshot);
        var random = new Random(4);
        for (int i = 0; i < 60; i++)
        {
            byte[] damaged = [.. sound];
            int at = random.Next(damaged.Length);
            damaged[at] ^= (byte)random.Next(1, 256);
            File.WriteAllBytes(Snapshot, i % 3 == 0 ? damaged[..at] : damaged);
            Finding problem = Assert.Single(_folder.Check().Findings);
            Assert.Equal((FindingKind.Problem, EntrySnapshots.FileName), (problem.Kind, problem.File));
        }
    }

    [Fact]
    public void Run_LogHasLostItsEnd_IsAProblem()
    {
        long tail = _folder.Check().TailAddress;
        using (FileStream log = File.OpenWrite(_folder.File("entries.log.0")))
        {
            log.SetLength(tail - 2000);
        }

        Assert.Contains(_folder.Check().Findings, finding =>
            finding.File == EntrySnapshots.FileName && finding.Text.Contains("but the log ends at", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_EntriesGoneSince_IsANote()
    {
        byte[] saved = await File.ReadAllBytesAsync(Snapshot, TestContext.Current.CancellationToken);
        await using (TestCache cache = await SmallLog.StartAsync(_folder.Path))
        {
            await cache.Cache.InvalidateAsync(
                new InvalidateFilter { Prompt = Prompt.FromText("question 7") }, TestContext.Current.CancellationToken);
        }

        await File.WriteAllBytesAsync(Snapshot, saved, TestContext.Current.CancellationToken);
        Finding note = Assert.Single(_folder.Check().Findings);
        Assert.Equal(FindingKind.Note, note.Kind);
        Assert.StartsWith($"1 of {Entries} entries", note.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_EntryThatTheSnapshotDoesNotKnow_IsAProblemAtItsAddress()
    {
        var manifest = LogManifest.Load(_folder.File("entries.json"));
        var found = new List<Finding>();
        var findings = new Findings(found.Add);
        using var files = new SegmentFiles(_folder.Path, manifest.SegmentSize);
        var book = new EntryBook(manifest.SegmentSize, findings);
        ScanReport scan = new RecordScan(files, manifest, findings).Run(
            0, book, (_, _) => { }, TestContext.Current.CancellationToken);
        var prompt = CanonicalPrompt.Of(Prompt.FromText("unknown"));
        var header = new PutHeader(
            book.Partitions.Single().Digest, Guid.NewGuid(), prompt.TextHash, CheckedFolder.Now, CheckedFolder.Now.AddDays(1));
        byte[] record = new RecordCodec(manifest.Secret).EncodePut(
            header, default, new PutContent(prompt.Source, CachedResponse.FromText("r"), null, []));
        book.Take(record, new LogLocation(500, record.Length));

        new EntrySnapshotCheck(
            _folder.Path,
            LogIdentity.Of(manifest.Secret),
            scan.Tail,
            new ReadLog(manifest, files, book, CheckedFolder.Now),
            findings).Run(TestContext.Current.CancellationToken);

        Finding problem = Assert.Single(found);
        Assert.Equal(500, problem.Address);
        Assert.StartsWith($"entry {header.EntryId} was removed", problem.Text, StringComparison.Ordinal);
        Assert.Null(book.Find(header.EntryId));
    }
}
