using SemCache.Cli.Transfer;

namespace SemCache.Cli.Tests.Transfer;

public sealed class ExportFileTailTests : IDisposable
{
    private const string First = """{"entryId":"e1","prompt":{"text":"a"},"response":{"text":"b"}}""";
    private const string Second = """{"entryId":"e2","prompt":{"text":"a"},"response":{"text":"ü"}}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task FindAsync_EmptyFile_BeginsAtTheBeginning() =>
        Assert.Equal(new ExportFileTail(0, null), await FindAsync(""));

    [Fact]
    public async Task FindAsync_WholeLines_ContinuesAfterTheLast()
    {
        var content = $"{First}\n{Second}\n";

        var tail = await FindAsync(content);

        Assert.Equal("e2", tail.Last?.EntryId);
        Assert.Equal(content.Length + 1, tail.Length); // `ü` has two bytes.
    }

    [Fact]
    public async Task FindAsync_TornLastLine_IsCutWhereverItIsTorn()
    {
        for (var length = 1; length <= Second.Length; length++)
        {
            var tail = await FindAsync($"{First}\n{Second[..length]}");

            Assert.Equal("e1", tail.Last?.EntryId);
            Assert.Equal(First.Length + 1, tail.Length);
        }
    }

    [Fact]
    public async Task FindAsync_OnlyATornLine_BeginsAtTheBeginning() =>
        Assert.Equal(new ExportFileTail(0, null), await FindAsync(First[..20]));

    [Fact]
    public async Task FindAsync_ZerosAfterAPowerFailure_AreCut() =>
        Assert.Equal("e1", (await FindAsync($"{First}\n{new string('\0', 5_000)}")).Last?.EntryId);

    [Fact]
    public async Task FindAsync_LinesLongerThanAChunk_AreFound()
    {
        var filler = new string('x', 300_000);
        var large = $$$"""{"entryId":"e3","prompt":{"text":"a"},"response":{"text":"{{{filler}}}"}}""";

        var tail = await FindAsync($"{First}\n{large}\n{large}");

        Assert.Equal("e3", tail.Last?.EntryId);
        Assert.Equal(First.Length + large.Length + 2, tail.Length);
    }

    [Theory]
    [InlineData("my notes")]
    [InlineData("my notes\n")]
    [InlineData("my notes\n{\"entryId\":")]
    [InlineData("""{"prompt":{"text":"a"},"response":{"text":"b"}}""" + "\n")]
    public async Task FindAsync_ForeignFile_IsLeftAlone(string content)
    {
        var e = await Assert.ThrowsAsync<UsageException>(() => FindAsync(content));

        Assert.Contains("does not end like an export", e.Message);
    }

    private async Task<ExportFileTail> FindAsync(string content)
    {
        await using var file = File.Open(_folder.Write("export.jsonl", content), FileMode.Open);
        return await ExportFileTail.FindAsync(file, TestContext.Current.CancellationToken);
    }
}
