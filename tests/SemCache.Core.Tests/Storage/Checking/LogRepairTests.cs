using SemCache.Core.Partitions;
using SemCache.Core.Storage;
using SemCache.Core.Storage.Checking;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage.Checking;

public sealed class LogRepairTests : IDisposable
{
    private readonly CheckedFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_DamagedInSeveralPlaces_BringsBackExactlyTheOthers()
    {
        const int Entries = 500;
        await _folder.FillAsync(Entries);
        int[] lost = [3, 77, 300];
        foreach (int i in lost)
        {
            _folder.Damage(FileWith($"answer {i}."), System.Text.Encoding.UTF8.GetBytes($"answer {i}."));
        }

        (CheckReport found, CheckReport repaired) = await _folder.RepairAsync();

        Assert.Equal((lost.Length, 0), (found.Problems, repaired.Problems));
        Assert.Equal((Entries - lost.Length, _folder.Repaired), (repaired.Entries, repaired.Folder));
        Assert.Empty(repaired.Findings);
        await using TestCache cache = await SmallLog.StartAsync(_folder.Repaired);
        for (int i = 0; i < Entries; i++)
        {
            LookupResult result = await cache.LookupAsync($"question {i}");
            Assert.Equal(lost.Contains(i) ? null : $"answer {i}.", result.Outcome == LookupOutcome.ExactHit ? result.Entry!.Response.Text : null);
        }
    }

    [Fact]
    public async Task Run_Always_KeepsEverythingOfAnEntry()
    {
        CachedEntry before;
        float[] vector = new float[256];
        await using (TestCache cache = await SmallLog.StartAsync(_folder.Path))
        {
            StoreResult stored = await cache.Cache.StoreAsync(
                new StoreCommand
                {
                    Namespace = "tenant",
                    Prompt = Prompt.FromConversation([new Message("system", "Be brief."), new Message("user", "Why?")]),
                    Response = new CachedResponse("{\"a\":1}"u8.ToArray(), IsText: false, "application/json"),
                    Scope = new Dictionary<string, string> { ["model"] = "m", ["user"] = "u" },
                    Tags = ["x", "y"],
                    Ttl = TimeSpan.FromDays(3),
                    Usage = new Usage("m", 10, 20, 0.5, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), "stop"),
                },
                TestContext.Current.CancellationToken);
            before = cache.Cache.GetEntry("tenant", stored.EntryId!.Value)!;
            Read(cache, before.EntryId, vector);
        }

        await _folder.RepairAsync();

        await using TestCache repaired = await SmallLog.StartAsync(_folder.Repaired);
        CachedEntry after = repaired.Cache.GetEntry("tenant", before.EntryId)!;
        Assert.Equivalent(before, after, strict: true);
        float[] same = new float[256];
        Read(repaired, before.EntryId, same);
        Assert.Equal(vector, same);
        Assert.True((await repaired.StoreAsync("later", "r")).CompareTo(before.EntryId) > 0);
    }

    [Fact]
    public async Task Run_EntryWithAVectorOfAnotherModel_GetsOneRecordWithIt()
    {
        await _folder.FillAsync(1);
        Guid id;
        UInt128 partition;
        await using (TestCache cache = await SmallLog.StartAsync(_folder.Path))
        {
            Entry entry = cache.Cache.Require().Registry.FindNamespace("default")!.Entries.Single();
            (id, partition) = (entry.Id, entry.Partition.Digest);
        }

        float[] vector = TestEntries.RandomVector(new Random(1), 32);
        await _folder.AppendAsync(codec => codec.EncodeReembed(partition, id, new StoredVector(99, vector)));

        (CheckReport found, CheckReport repaired) = await _folder.RepairAsync();

        EmbedderFigures embedder = Assert.Single(repaired.Embedders);
        Assert.Equal((32, 1L), (embedder.Dimension, embedder.Entries));
        Assert.Equal(found.Embedders, repaired.Embedders);
        // The name of the partition, and the entry.
        Assert.Equal(2, repaired.Records);
    }

    [Fact]
    public async Task Run_EntriesThatAreDead_AreLeftOut()
    {
        await _folder.FillAsync(10);
        await _folder.FillAsync(10);
        await using (TestCache cache = await SmallLog.StartAsync(_folder.Path))
        {
            await cache.Cache.InvalidateAsync(
                new InvalidateFilter { Prompt = Prompt.FromText("question 1") }, TestContext.Current.CancellationToken);
        }

        (_, CheckReport repaired) = await _folder.RepairAsync();

        Assert.Equal((9, 10), (repaired.Entries, repaired.Records));
        Assert.Equal(0, (await RepairedAgainAsync(CheckedFolder.Now.AddDays(365))).Entries);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_RemovalDamagedThatTheSnapshotKnows_DoesNotBringItBack(bool replaced)
    {
        await _folder.FillAsync(10);
        long removal;
        await using (TestCache cache = await SmallLog.StartAsync(_folder.Path))
        {
            removal = SmallLog.LogOf(cache).AppendedUntil / SmallLog.PageBytes * SmallLog.PageBytes + SmallLog.PageBytes;
            if (replaced)
            {
                await cache.StoreAsync("question 1", "another answer");
            }
            else
            {
                await cache.Cache.InvalidateAsync(
                    new InvalidateFilter { Prompt = Prompt.FromText("question 1") }, TestContext.Current.CancellationToken);
            }

            await cache.StoreAsync("question 10", "answer 10.");
        }

        using (FileStream log = File.OpenWrite(_folder.File("entries.log.0")))
        {
            log.Position = removal + LogScanner.HeaderBytes + 9;
            log.WriteByte(0xA5);
        }

        (CheckReport found, CheckReport repaired) = await _folder.RepairAsync();

        Assert.Contains(found.Findings, finding => finding is { Kind: FindingKind.Problem, File: "entries.snapshot" }
            && finding.Text.EndsWith("its removal is lost in the log", StringComparison.Ordinal));
        Assert.Equal((10, 10), (found.Entries, repaired.Entries));
        await using TestCache served = await SmallLog.StartAsync(_folder.Repaired);
        Assert.NotEqual(LookupOutcome.ExactHit, (await served.LookupAsync("question 1")).Outcome);
        Assert.Equal(LookupOutcome.ExactHit, (await served.LookupAsync("question 10")).Outcome);
    }

    [Fact]
    public async Task Run_EntryThatIsImpossible_IsReportedAndLeftOut()
    {
        await _folder.FillAsync(2);
        UInt128 partition;
        await using (TestCache cache = await SmallLog.StartAsync(_folder.Path))
        {
            partition = cache.Cache.Require().Registry.Partitions.Single().Digest;
        }

        var header = new PutHeader(partition, Guid.NewGuid(), 5, CheckedFolder.Now, CheckedFolder.Now.AddDays(1));
        await _folder.AppendAsync(codec => codec.EncodePut(
            header, default, new PutContent(Prompt.FromText("a prompt"), CachedResponse.FromText("r"), null, [])));

        (CheckReport found, CheckReport repaired) = await _folder.RepairAsync();

        Assert.Equal((3, 2), (found.Entries, repaired.Entries));
        Assert.Contains(found.Findings, finding => finding.Text == $"entry {header.EntryId} could not be saved");
    }

    [Fact]
    public async Task Run_TargetWithSomethingInIt_IsRefused()
    {
        await _folder.FillAsync(1);
        Directory.CreateDirectory(_folder.Repaired);
        await File.WriteAllTextAsync(Path.Combine(_folder.Repaired, "precious"), "mine", TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<FolderRefusedException>(() => _folder.RepairAsync());
        Assert.Single(Directory.GetFileSystemEntries(_folder.Repaired));
    }

    [Fact]
    public async Task Run_DiskIsFull_SaysWhatIsNeededAndLeavesNothing()
    {
        await _folder.FillAsync(300);
        using LogCheck check = LogCheck.Open(_folder.Path, _ => { });
        check.Run(CheckedFolder.Now, (_, _) => { }, TestContext.Current.CancellationToken);
        (LogDeviceFactory devices, _) = FaultyDevice.Prepare(device => device.Fail(DeviceError.NoSpace));

        IOException full = await Assert.ThrowsAsync<IOException>(() => new LogRepair(check.Log!, check.Findings, devices)
            .RunAsync(_folder.Repaired, TestContext.Current.CancellationToken));

        Assert.Equal(
            $"{_folder.Repaired} has too little space: {check.Log!.LiveBytes().Values.Sum()} bytes are needed.", full.Message);
        Assert.False(Directory.Exists(_folder.Repaired));
    }

    [Theory]
    [InlineData("data", true)]
    [InlineData("data/repaired", true)]
    [InlineData("data/../data/x/y", true)]
    [InlineData("data-repaired", false)]
    [InlineData("..data", false)]
    [InlineData("..", false)]
    public void RequireOutside_FolderInsideTheOneThatIsChecked_IsRefused(string target, bool isRefused)
    {
        Exception? refused = Record.Exception(() => LogRepair.RequireOutside("data", target));
        Assert.Equal(isRefused, refused is FolderRefusedException);
    }

    private static void Read(TestCache cache, Guid id, float[] vector)
    {
        Entry entry = cache.Cache.Require().Registry.FindNamespace("tenant")!.Find(id)!;
        Assert.True(SmallLog.LogOf(cache).TryRead(entry, vector));
    }

    private async Task<CheckReport> RepairedAgainAsync(DateTimeOffset now)
    {
        Directory.Delete(_folder.Repaired, recursive: true);
        return (await _folder.RepairAsync(now)).Repaired;
    }

    private string FileWith(string text) => Path.GetFileName(Directory.GetFiles(_folder.Path, "entries.log.*").Single(
        file => File.ReadAllBytes(file).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0));
}
