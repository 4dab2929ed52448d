using SemCache.Core.Partitions.Snapshots;
using SemCache.Core.Storage;
using SemCache.Core.Storage.Checking;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage.Checking;

public sealed class LogCheckTests : IDisposable
{
    private readonly CheckedFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_SoundLogOverStartsReplacesAndRemovals_FindsNothingAndCounts()
    {
        await _folder.FillAsync(120);
        await _folder.FillAsync(120);
        await using (TestCache cache = await SmallLog.StartAsync(_folder.Path))
        {
            await cache.StoreAsync("another", "namespace", "b", ("model", "m"));
            await cache.StoreAsync("to be removed", "r", "c");
            await cache.Cache.InvalidateAsync(
                new InvalidateFilter { Namespace = "c", EntireNamespace = true }, TestContext.Current.CancellationToken);
        }

        CheckReport report = _folder.Check();

        Assert.Empty(report.Findings);
        Assert.Equal((121, 0), (report.Entries, report.Expired));
        Assert.Equal([("b", 1, 1L), ("default", 1, 120L)], report.Namespaces.Select(ns => (ns.Namespace, ns.Partitions, ns.Entries)));
        EmbedderFigures embedder = Assert.Single(report.Embedders);
        Assert.Equal(121, embedder.Entries);
        Assert.True(report.Segments.Count > 1);
        // A vector of 256 components, and little else.
        Assert.InRange(report.Segments.Sum(segment => segment.LiveBytes), 121 * 1100, 121 * 1250);
        Assert.All(report.Segments, segment => Assert.InRange(segment.LiveBytes + segment.DeadBytes, 1, segment.Bytes));
    }

    [Fact]
    public async Task Run_AfterEverythingExpired_CountsItAsDead()
    {
        await _folder.FillAsync(5);
        CheckReport report = _folder.Check(CheckedFolder.Now.AddDays(365));
        Assert.Equal((0, 5), (report.Entries, report.Expired));
        Assert.Equal(0, report.Segments.Sum(segment => segment.LiveBytes));
        Assert.Empty(report.Findings);
    }

    [Fact]
    public async Task Run_ByteOfARecordChanged_IsADamagedRangeAtItsAddress()
    {
        await _folder.FillAsync(20);
        long address = _folder.Damage("entries.log.0", "answer 10."u8);

        CheckReport report = _folder.Check();

        Finding problem = Assert.Single(report.Findings);
        Assert.Equal((FindingKind.Problem, "entries.log.0"), (problem.Kind, problem.File));
        Assert.InRange(address, problem.Address!.Value, problem.Address.Value + problem.Bytes!.Value - 1);
        Assert.Equal(report.DamagedBytes, problem.Bytes);
        Assert.Equal(19, report.Entries);
    }

    [Fact]
    public async Task Run_LastRecordCut_IsATornTailAndStaysThere()
    {
        await _folder.FillAsync(20);
        long whole = _folder.Check().TailAddress;
        using (FileStream file = File.OpenWrite(_folder.File("entries.log.0")))
        {
            file.SetLength(whole - 20);
        }

        CheckReport report = _folder.Check();

        Finding note = Assert.Single(report.Findings);
        Assert.Equal(FindingKind.Note, note.Kind);
        Assert.StartsWith("torn tail", note.Text, StringComparison.Ordinal);
        Assert.Equal(report.TailAddress, note.Address);
        Assert.Equal(19, report.Entries);
    }

    [Fact]
    public async Task Run_NameOfAPartitionDamaged_IsReportedWithItsEntries()
    {
        await _folder.FillAsync(3, "tenant");
        _folder.Damage("entries.log.0", "tenant"u8);

        CheckReport report = _folder.Check();

        Assert.Equal(2, report.Problems);
        Assert.Contains(report.Findings, finding => finding.Text.EndsWith("its 3 entries are lost", StringComparison.Ordinal));
        Assert.Equal(0, report.Entries);
    }

    [Fact]
    public async Task Run_NameOnlyInAnEarlierSegment_IsNoFindingOfItsOwn()
    {
        await _folder.FillAsync(400, "tenant");
        long address = _folder.Damage("entries.log.1", "tenant"u8);

        CheckReport report = _folder.Check();

        Finding problem = Assert.Single(report.Findings);
        Assert.Equal((FindingKind.Problem, "entries.log.1"), (problem.Kind, problem.File));
        Assert.InRange(problem.Address!.Value, 0, address);
        Assert.Equal(400, report.Entries);
    }

    [Fact]
    public async Task Run_SegmentMissing_IsReportedWithItsRange()
    {
        await _folder.FillAsync(1000);
        File.Delete(_folder.File("entries.log.1"));

        CheckReport report = _folder.Check();

        Assert.Contains(report.Findings, finding =>
            finding is { Kind: FindingKind.Problem, File: "entries.log.1" }
            && finding.Text.StartsWith("missing; ", StringComparison.Ordinal)
            && finding.Address == SmallLog.SegmentBytes && finding.Bytes == SmallLog.SegmentBytes);
        Assert.Equal(1, report.Problems);
    }

    [Fact]
    public async Task Run_PageOfZeros_IsReportedWithItsRange()
    {
        await _folder.FillAsync(1000);
        using (FileStream file = File.OpenWrite(_folder.File("entries.log.1")))
        {
            file.Write(new byte[SmallLog.PageBytes]);
        }

        Finding problem = Assert.Single(_folder.Check().Findings, finding => finding.Kind == FindingKind.Problem);

        Assert.Equal((SmallLog.SegmentBytes, SmallLog.PageBytes), (problem.Address, problem.Bytes));
    }

    [Fact]
    public async Task Run_TruncatedLog_BeginsBehindIt()
    {
        await _folder.FillAsync(400);
        byte[] first = await File.ReadAllBytesAsync(_folder.File("entries.log.0"), TestContext.Current.CancellationToken);
        await using (TestCache cache = await SmallLog.StartAsync(_folder.Path))
        {
            SmallLog.LogOf(cache).TruncateBefore(SmallLog.SegmentBytes);
        }

        File.Delete(_folder.File(EntrySnapshots.FileName));
        CheckReport report = _folder.Check();
        Assert.Empty(report.Findings);
        Assert.Equal(SmallLog.SegmentBytes, report.BeginAddress);

        await File.WriteAllBytesAsync(_folder.File("entries.log.0"), first, TestContext.Current.CancellationToken);
        CheckReport again = _folder.Check();
        Finding note = Assert.Single(again.Findings);
        Assert.Equal((FindingKind.Note, "entries.log.0", 0L), (note.Kind, note.File, note.Address));
        Assert.Equal(report.Entries, again.Entries);

        _folder.Damage("entries.begin", (await File.ReadAllBytesAsync(_folder.File("entries.begin"), TestContext.Current.CancellationToken))[4..]);
        Assert.Contains(_folder.Check().Findings, finding => finding is { Kind: FindingKind.Problem, File: "entries.begin" });
    }

    [Theory]
    [InlineData(null, "missing")]
    [InlineData("{ nonsense", "damaged")]
    public async Task Run_ManifestOfNoUse_SaysSoAndNothingElse(string? content, string problem)
    {
        await _folder.FillAsync(2);
        File.Delete(_folder.File("entries.json"));
        if (content is not null)
        {
            await File.WriteAllTextAsync(_folder.File("entries.json"), content, TestContext.Current.CancellationToken);
        }

        Finding finding = Assert.Single(_folder.Check().Findings);

        Assert.Equal((FindingKind.Problem, "entries.json"), (finding.Kind, finding.File));
        Assert.Contains(problem, finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_LogOfANewerFormat_IsRefusedAndNotCalledDamaged()
    {
        await _folder.FillAsync(2);
        await File.WriteAllTextAsync(
            _folder.File("entries.json"),
            """{"formatVersion":99,"pageSize":65536,"segmentSize":131072,"secret":1}""",
            TestContext.Current.CancellationToken);

        FolderRefusedException refused = Assert.Throws<FolderRefusedException>(() => _folder.Check());
        Assert.Contains("format version 99", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_StrayFiles_AreNotes()
    {
        await _folder.FillAsync(2);
        foreach (string name in new[] { "entries.log.01", "entries.log.x", "entries.begin.new" })
        {
            await File.WriteAllTextAsync(_folder.File(name), "x", TestContext.Current.CancellationToken);
        }

        CheckReport report = _folder.Check();

        Assert.Equal((0, 3), (report.Problems, report.Notes));
        Assert.Equal(2, report.Entries);
    }

    [Fact]
    public async Task Open_ServerRuns_IsRefused()
    {
        await using TestCache cache = await SmallLog.StartAsync(_folder.Path);
        FolderRefusedException refused = Assert.Throws<FolderRefusedException>(() => LogCheck.Open(_folder.Path, _ => { }));
        Assert.Contains("in use by another process", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_WhileChecking_KeepsServersOut()
    {
        await _folder.FillAsync(1);
        using LogCheck check = LogCheck.Open(_folder.Path, _ => { });
        await using TestCache cache = TestCache.Create(_folder.Path, null, SmallLog.Options);
        Assert.Throws<CacheStartupException>(cache.Cache.Open);
    }

    [Fact]
    public void Open_NoLog_IsRefused()
    {
        Assert.Throws<FolderRefusedException>(() => LogCheck.Open(_folder.Path, _ => { }));
        Directory.CreateDirectory(_folder.Path);
        Assert.Throws<FolderRefusedException>(() => LogCheck.Open(_folder.Path, _ => { }));
    }

    [Fact]
    public async Task Run_AnyBytesDamaged_NeverThrowsAndAlwaysReports()
    {
        await _folder.FillAsync(60);
        string path = _folder.File("entries.log.0");
        long tail = _folder.Check().TailAddress;
        byte[] sound = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var random = new Random(3);
        for (int round = 0; round < 100; round++)
        {
            byte[] damaged = [.. sound];
            int at = random.Next(64, (int)tail);
            damaged[at] ^= (byte)random.Next(1, 256);
            await File.WriteAllBytesAsync(path, damaged, TestContext.Current.CancellationToken);
            // Padding behind a record is nothing; that of 4 bytes may go unseen.
            // Damage to the last record looks like a torn tail, which is a note.
            Finding[] problems = [.. _folder.Check().Findings];
            Assert.True(problems.Length > 0 || sound[at] == 0, $"byte {at} of round {round}");
            Assert.All(problems, problem => Assert.InRange(problem.Address!.Value, 0, tail));
        }
    }
}
