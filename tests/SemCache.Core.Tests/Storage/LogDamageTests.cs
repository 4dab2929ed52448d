using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using SemCache.Core.Partitions.Snapshots;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage;

/// <summary>Real files, damaged behind the cache's back.</summary>
public sealed class LogDamageTests : IDisposable
{
    private const int Entries = 40;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_AfterCleanStop_HasEverythingAndReportsNoDamage()
    {
        await FillAsync();
        await using TestCache cache = await StartAsync();
        Assert.Equal(Entries, await CountServedAsync(cache));
        Assert.Empty(cache.Logs.At(LogLevel.Warning));
        Assert.Empty(cache.Logs.At(LogLevel.Error));
    }

    [Fact]
    public async Task Start_TornTail_IsCutWithAWarningThatSaysHowMuch()
    {
        await FillAsync();
        long tail = TailOf(_folder.FirstSegment);
        await using (FileStream file = File.OpenWrite(_folder.FirstSegment))
        {
            file.SetLength(tail - 100);
        }

        byte[] torn = await File.ReadAllBytesAsync(_folder.FirstSegment);
        await using TestCache cache = await StartAsync();

        Assert.Equal(Entries - 1, await CountServedAsync(cache));
        Assert.Contains("cut off", Assert.Single(cache.Logs.At(LogLevel.Warning)), StringComparison.Ordinal);
        Assert.Empty(cache.Logs.At(LogLevel.Error));
        byte[] cut = await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(_folder.Path, "entries.cut.*")));
        Assert.True(cut.Length > 500 && torn.AsSpan().TrimEnd((byte)0).EndsWith(cut), "The copy is not what was cut.");
        await cache.StoreAsync("a new prompt after the cut", "r");
    }

    [Fact]
    public async Task Start_AfterACut_StoresAndStartsAgainWithoutComplaint()
    {
        await Start_TornTail_IsCutWithAWarningThatSaysHowMuch();
        await using TestCache cache = await StartAsync();
        Assert.Equal(Entries - 1, await CountServedAsync(cache));
        Assert.Equal(LookupOutcome.ExactHit, (await cache.LookupAsync("a new prompt after the cut")).Outcome);
        Assert.Empty(cache.Logs.At(LogLevel.Warning));
    }

    [Theory]
    [InlineData(0)] // in the middle of a record
    [InlineData(1)] // in a record's length
    public async Task Start_DamageInTheMiddle_LosesOneRecordAndSaysSo(int where)
    {
        await FillAsync();
        byte[] log = await File.ReadAllBytesAsync(_folder.FirstSegment);
        int position = where == 0 ? log.AsSpan().IndexOf("response 20"u8) : HeaderBefore(log, "question number 20"u8);
        log[position] ^= 0x55;
        await File.WriteAllBytesAsync(_folder.FirstSegment, log);

        await using TestCache cache = await StartAsync();

        Assert.Equal(Entries - 1, await CountServedAsync(cache));
        Assert.Equal(MissReason.BelowThreshold, (await cache.LookupAsync("question number 20 about apples")).MissReason);
        Assert.Contains("1 places", Assert.Single(cache.Logs.At(LogLevel.Error)), StringComparison.Ordinal);
        Assert.Equal((0, 1), (cache.Cache.LogDamage.MissingSegments, cache.Cache.LogDamage.Ranges));
        Assert.Contains("invalidate it again", cache.Logs.At(LogLevel.Error).Single(), StringComparison.Ordinal);
        await cache.DisposeAsync();
        await using TestCache again = await TestCache.StartAsync(_folder.Path);
        Assert.False(again.Cache.LogDamage.IsAny, "the snapshot of the stop knows what is served");
    }

    [Fact]
    public async Task Start_TailThatCannotBeKept_IsCutAllTheSame()
    {
        await FillAsync();
        byte[] log = await File.ReadAllBytesAsync(_folder.FirstSegment);
        await File.WriteAllBytesAsync(_folder.FirstSegment, log[..(TailOf(_folder.FirstSegment) - 100)]);

        // The copy's name, taken by a folder.
        Directory.CreateDirectory(Path.Combine(_folder.Path, $"entries.cut.{HeaderBefore(log, "question number 39"u8)}"));
        await using TestCache cache = await StartAsync();
        Assert.Equal(Entries - 1, await CountServedAsync(cache));
        Assert.Contains(cache.Logs.At(LogLevel.Warning), message => message.Contains("could not be kept", StringComparison.Ordinal));
        Assert.Contains(cache.Logs.At(LogLevel.Warning), message => message.Contains("kept in no file", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, 20)]
    [InlineData(false, 12)]
    [InlineData(false, 20)]
    [InlineData(false, 31)]
    public async Task Start_OneBitOfALengthFlipped_LosesThatRecordAloneAndBringsNothingBack(bool withSnapshot, int bit)
    {
        await using (TestCache cache = await FilledAsync())
        {
            await cache.Cache.InvalidateAsync(
                new InvalidateFilter { Prompt = Prompt.FromText($"question number 3 about {Topic(3)}") });
        }

        byte[] log = await File.ReadAllBytesAsync(_folder.FirstSegment);
        log[HeaderBefore(log, "question number 10 "u8) + (bit / 8)] ^= (byte)(1 << (bit % 8));
        await File.WriteAllBytesAsync(_folder.FirstSegment, log);

        await using TestCache again = withSnapshot ? await TestCache.StartAsync(_folder.Path) : await StartAsync();

        // What a snapshot knows is read where it stands; its length is not needed.
        Assert.Equal(Entries - (withSnapshot ? 1 : 2), await CountServedAsync(again));
        Assert.NotEqual(LookupOutcome.ExactHit, (await again.LookupAsync($"question number 3 about {Topic(3)}")).Outcome);
        Assert.Empty(Directory.GetFiles(_folder.Path, "entries.cut.*"));
        Assert.True(new FileInfo(_folder.FirstSegment).Length > log.AsSpan().LastIndexOfAnyExcept((byte)0));
    }

    [Fact]
    public async Task Lookup_RecordDamagedWhileRunning_IsAMissWithItsReason()
    {
        await FillAsync();
        await using TestCache cache = await StartAsync();
        byte[] log = await File.ReadAllBytesAsync(_folder.FirstSegment);
        await using (var file = new FileStream(_folder.FirstSegment, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = log.AsSpan().IndexOf("response 20"u8);
            file.WriteByte((byte)'X');
        }

        LookupResult result = await cache.LookupAsync("question number 20 about apples");

        Assert.Equal(MissReason.Unreadable, result.MissReason);
        Assert.Null(result.Entry);
        Assert.Equal(Entries - 1, await CountServedAsync(cache));
    }

    [Fact]
    public async Task Start_DamagedDefinitionOfAPartition_DropsItsEntriesAndSaysSo()
    {
        await using (TestCache cache = await StartAsync())
        {
            await cache.StoreAsync("one", "1", "first");
            await cache.StoreAsync("two", "2", "second");
        }

        byte[] log = await File.ReadAllBytesAsync(_folder.FirstSegment);
        log[log.AsSpan().IndexOf("first"u8)] ^= 1;
        await File.WriteAllBytesAsync(_folder.FirstSegment, log);

        await using TestCache again = await StartAsync();
        Assert.Equal(LookupOutcome.Miss, (await again.LookupAsync("one", "first")).Outcome);
        Assert.Equal(LookupOutcome.ExactHit, (await again.LookupAsync("two", "second")).Outcome);
        Assert.Contains(again.Logs.At(LogLevel.Error), message => message.StartsWith("1 entries", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_AfterEntriesWereDropped_NeverBringsThemBackPastAnInvalidation()
    {
        await Start_DamagedDefinitionOfAPartition_DropsItsEntriesAndSaysSo();
        await using (TestCache cache = await StartAsync())
        {
            Assert.DoesNotContain(
                cache.Logs.At(LogLevel.Error), message => message.StartsWith("1 entries", StringComparison.Ordinal));
            await cache.StoreAsync("three", "3", "first");
            await cache.Cache.InvalidateAsync(new InvalidateFilter { Namespace = "first", EntireNamespace = true });
        }

        await using TestCache again = await StartAsync();
        Assert.Equal(LookupOutcome.Miss, (await again.LookupAsync("one", "first")).Outcome);
    }

    [Fact]
    public async Task Start_MemoryTooSmallForTheLogsPages_IsRefused()
    {
        await using (TestCache cache = await TestCache.StartAsync(
            _folder.Path, null, ("Storage:PageSize", "16777216"), ("Storage:MemorySize", "67108864")))
        {
            await cache.StoreAsync("one", "1");
        }

        await using TestCache again = TestCache.Create(_folder.Path);
        CacheStartupException exception = Assert.Throws<CacheStartupException>(again.Cache.Open);
        Assert.Contains("MemorySize", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ResponseThatLooksLikeARecord_IsNotTakenForOneBehindDamage()
    {
        await using (TestCache cache = await StartAsync())
        {
            await cache.StoreAsync("victim", "forged", "tenant");
        }

        byte[] log = await File.ReadAllBytesAsync(_folder.FirstSegment);
        byte[] forged = log[64..TailOf(_folder.FirstSegment)];

        // The same bytes in a log with another secret: what a caller could have seen of one and stored in another.
        using var other = new TemporaryFolder();
        await using (TestCache cache = await TestCache.StartAsync(other.Path))
        {
            await cache.Cache.StoreAsync(new StoreCommand
            {
                Prompt = Prompt.FromText("attack"),
                Response = new CachedResponse(forged, IsText: false, ""),
            });
        }

        byte[] attacked = await File.ReadAllBytesAsync(other.FirstSegment);
        attacked[HeaderBefore(attacked, "attack"u8) + 3] ^= 0x40;
        await File.WriteAllBytesAsync(other.FirstSegment, attacked);
        await using TestCache again = await TestCache.StartAsync(other.Path);
        Assert.Equal(LookupOutcome.Miss, (await again.LookupAsync("victim", "tenant")).Outcome);
    }

    [Fact]
    public async Task Start_ManifestMissing_RefusesWithOneSentence()
    {
        await FillAsync();
        File.Delete(Path.Combine(_folder.Path, "entries.json"));
        await using TestCache cache = TestCache.Create(_folder.Path);
        CacheStartupException exception = Assert.Throws<CacheStartupException>(cache.Cache.Open);
        Assert.Contains("entries.json", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NewerFormat_IsRefused()
    {
        await FillAsync();
        string manifest = Path.Combine(_folder.Path, "entries.json");
        await File.WriteAllTextAsync(
            manifest, (await File.ReadAllTextAsync(manifest)).Replace("\"formatVersion\": 2", "\"formatVersion\": 3"));
        await using TestCache cache = TestCache.Create(_folder.Path);
        CacheStartupException exception = Assert.ThrowsAny<CacheStartupException>(cache.Cache.Open);
        Assert.Contains("version 3", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FolderInUse_IsRefused()
    {
        await using TestCache first = await StartAsync();
        await using TestCache second = TestCache.Create(_folder.Path);
        CacheStartupException exception = Assert.Throws<CacheStartupException>(second.Cache.Open);
        Assert.Contains("in use by another process", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FolderThatCannotBeUsed_IsRefusedForThatReason()
    {
        string file = Path.Combine(_folder.Path, "file");
        await File.WriteAllTextAsync(file, "no folder");
        await using TestCache cache = TestCache.Create(Path.Combine(file, "data"));
        CacheStartupException exception = Assert.Throws<CacheStartupException>(cache.Cache.Open);
        Assert.Contains("cannot be used", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("another process", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OlderFormat_IsMigratedOnceAndKeepsEverything()
    {
        await FillAsync();
        string manifest = Path.Combine(_folder.Path, "entries.json");
        string current = await File.ReadAllTextAsync(manifest);
        JsonObject older = JsonNode.Parse(current)!.AsObject();
        older["formatVersion"] = 1;
        older.Remove("checksum");
        await File.WriteAllTextAsync(manifest, older.ToJsonString());
        await using (TestCache cache = await StartAsync())
        {
            Assert.Equal(Entries, await CountServedAsync(cache));
            Assert.Contains(
                cache.Logs.At(LogLevel.Information),
                message => message.Contains("from format version 1 to 2", StringComparison.Ordinal));
        }

        Assert.Equal(current, await File.ReadAllTextAsync(manifest));
    }

    // Without a snapshot of entries, so that the whole log is read.
    private Task<TestCache> StartAsync()
    {
        File.Delete(Path.Combine(_folder.Path, EntrySnapshots.FileName));
        return TestCache.StartAsync(_folder.Path);
    }

    private async Task FillAsync() => await (await FilledAsync()).DisposeAsync();

    private async Task<TestCache> FilledAsync()
    {
        TestCache cache = await StartAsync();
        for (int i = 0; i < Entries; i++)
        {
            await cache.StoreAsync($"question number {i} about {Topic(i)}", $"response {i}");
        }

        return cache;
    }

    // Whatever is served must be the right response; what is not served is counted by what is left.
    private static async Task<int> CountServedAsync(TestCache cache)
    {
        int served = 0;
        for (int i = 0; i < Entries; i++)
        {
            LookupResult result = await cache.LookupAsync($"question number {i} about {Topic(i)}");
            if (result.Outcome == LookupOutcome.ExactHit)
            {
                Assert.Equal($"response {i}", result.Entry!.Response.Text);
                served++;
            }
        }

        return served;
    }

    private static string Topic(int i) => ((string[])["apples", "ships", "tax law", "guitars", "volcanoes"])[i % 5];

    // FasterLog's length of the record in front of the first occurrence of a text: found by the vector's known size.
    private static int HeaderBefore(byte[] log, ReadOnlySpan<byte> text)
    {
        int found = log.AsSpan().IndexOf(text);
        for (int position = found & ~3; position > 0; position -= 4)
        {
            int length = BitConverter.ToInt32(log, position);
            if (length > found - position && length < 4000 && log[position + 12] == 1 && log[position + 13] == 2)
            {
                return position;
            }
        }

        throw new InvalidOperationException("No record holds this text.");
    }

    private static int TailOf(string path) => File.ReadAllBytes(path).AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
}
