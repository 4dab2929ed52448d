using Microsoft.Extensions.Logging;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage;

/// <summary>Segment files that are cut, gone, or no files any more.</summary>
public sealed class ReadFaultTests : IDisposable
{
    private const int Entries = 40;

    private static readonly (string, string)[] _smallSegments =
    [
        ("Storage:PageSize", "65536"), ("Storage:MemorySize", "262144"), ("Storage:SegmentSize", "65536"),
        ("Limits:MaxResponseBytes", "16384"), ("Limits:MaxPromptBytes", "1024"), ("Limits:MaxScopeBytes", "1024"),
        ("Limits:MaxTags", "4"),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lookup_SegmentCutWhileRunning_IsUnreadableAndTheRestIsServed()
    {
        await using TestCache cache = await FillAsync();
        using (FileStream file = new(Segment(1), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(0);
        }

        int unreadable = 0;
        for (int i = 0; i < Entries; i++)
        {
            LookupResult result = await cache.LookupAsync($"prompt {i}");
            if (result.Outcome == LookupOutcome.ExactHit)
            {
                Assert.StartsWith($"response {i} ", result.Entry!.Response.Text, StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal(MissReason.Unreadable, result.MissReason);
                unreadable++;
            }
        }

        Assert.InRange(unreadable, 5, Entries - 5);
        await cache.StoreAsync("new", "r");
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public async Task Start_SegmentMissing_IsReportedAndTheRestIsServed(int missing, bool folderInItsPlace)
    {
        await (await FillAsync()).DisposeAsync();
        File.Delete(Segment(missing));
        if (folderInItsPlace)
        {
            Directory.CreateDirectory(Segment(missing));
        }

        await using TestCache cache = await TestCache.StartAsync(_folder.Path, null, _smallSegments);

        Assert.Contains(
            cache.Logs.At(LogLevel.Error),
            message => message.StartsWith("1 files of the entry log are missing", StringComparison.Ordinal));
        int served = 0;
        for (int i = 0; i < Entries; i++)
        {
            LookupResult result = await cache.LookupAsync($"prompt {i}");
            if (result.Outcome == LookupOutcome.ExactHit)
            {
                Assert.StartsWith($"response {i} ", result.Entry!.Response.Text, StringComparison.Ordinal);
                served++;
            }
        }

        Assert.InRange(served, 5, Entries - 5);
        await cache.StoreAsync("new", "r");
    }

    [Fact]
    public void Read_WhatIsNoFile_IsAnInputError()
    {
        using var files = new SegmentFiles(_folder.Path, 65536);
        Directory.CreateDirectory(Segment(0));
        Assert.Throws<IOException>(() => files.Read(0, new byte[16]));
        Assert.ThrowsAny<IOException>(() => files.Read(65536, new byte[16]));
    }

    private string Segment(int number) => Path.Combine(_folder.Path, $"entries.log.{number}");

    private async Task<TestCache> FillAsync()
    {
        TestCache cache = await TestCache.StartAsync(_folder.Path, null, _smallSegments);
        for (int i = 0; i < Entries; i++)
        {
            await cache.StoreAsync($"prompt {i}", $"response {i} " + new string('x', 4000));
        }

        Assert.True(File.Exists(Segment(2)));
        return cache;
    }
}
