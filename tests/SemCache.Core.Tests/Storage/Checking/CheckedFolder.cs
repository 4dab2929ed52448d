using System.Globalization;
using SemCache.Core.Partitions.Snapshots;
using SemCache.Core.Storage;
using SemCache.Core.Storage.Checking;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage.Checking;

/// <summary>The folder of a log that a test damages and checks.</summary>
internal sealed class CheckedFolder : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _temporary = new();

    public string Path => System.IO.Path.Combine(_temporary.Path, "data");

    public string Repaired => System.IO.Path.Combine(_temporary.Path, "repaired");

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => _temporary.Dispose();

    /// <summary>Stores <c>question i</c> with <c>answer i</c>, and leaves the log alone in the folder.</summary>
    public async Task FillAsync(int entries, string ns = "")
    {
        await FillAndSaveAsync(entries, ns);
        System.IO.File.Delete(File(EntrySnapshots.FileName));
    }

    /// <summary>The same, with the snapshot that a clean stop saves.</summary>
    public async Task FillAndSaveAsync(int entries, string ns = "")
    {
        await using TestCache cache = await TestCache.StartAsync(
            Path, null, [.. SmallLog.Options, ("Storage:Durability", "None")]);
        for (int i = 0; i < entries; i++)
        {
            await cache.StoreAsync($"question {i}", $"answer {i}.", ns);
        }
    }

    /// <summary>Appends records to the log as no server would, and leaves no snapshot, which would not know them.</summary>
    public async Task AppendAsync(Func<RecordCodec, byte[]> encode)
    {
        await using (TestCache cache = await SmallLog.StartAsync(Path))
        {
            EntryLog log = SmallLog.LogOf(cache);
            Assert.True(log.TryAppend(encode(log.Codec), out _));
        }

        System.IO.File.Delete(File(EntrySnapshots.FileName));
    }

    public CheckReport Check(DateTimeOffset? now = null)
    {
        string before = Fingerprint();
        using LogCheck check = LogCheck.Open(Path, _ => { });
        CheckReport report = check.Run(now ?? Now, (_, _) => { }, TestContext.Current.CancellationToken);
        Assert.Equal(report.Problems + report.Notes, report.Findings.Count);
        Assert.Equal(before, Fingerprint());
        return report;
    }

    public async Task<(CheckReport Found, CheckReport Repaired)> RepairAsync(DateTimeOffset? now = null)
    {
        string before = Fingerprint();
        using LogCheck check = LogCheck.Open(Path, _ => { });
        CheckReport found = check.Run(now ?? Now, (_, _) => { }, TestContext.Current.CancellationToken);
        CheckReport repaired = await new LogRepair(check.Log!, check.Findings).RunAsync(
            Repaired, TestContext.Current.CancellationToken);
        Assert.Equal(before, Fingerprint());
        return (found, repaired);
    }

    /// <summary>Changes one byte and returns its address.</summary>
    public long Damage(string file, ReadOnlySpan<byte> text)
    {
        byte[] content = System.IO.File.ReadAllBytes(File(file));
        int at = content.AsSpan().IndexOf(text);
        Assert.True(at > 0);
        content[at] ^= 1;
        System.IO.File.WriteAllBytes(File(file), content);
        return at + (SegmentFiles.NumberIn(file).GetValueOrDefault() * SmallLog.SegmentBytes);
    }

    // Names, lengths, times and contents of all files: a check changes none of them.
    private string Fingerprint() => string.Join('\n', Directory.EnumerateFileSystemEntries(Path, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(entry => string.Create(
            CultureInfo.InvariantCulture,
            $"{entry} {System.IO.File.GetLastWriteTimeUtc(entry).Ticks} {HashOf(entry)}")));

    private static string HashOf(string path) => Directory.Exists(path) || System.IO.Path.GetFileName(path) == "lock"
        ? "not read"
        : Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.IO.File.ReadAllBytes(path)));
}
