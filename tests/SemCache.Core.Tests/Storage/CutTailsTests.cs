using SemCache.Core.Storage;
using SemCache.Core.Storage.Checking;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage;

public sealed class CutTailsTests : IDisposable
{
    private const int SegmentBytes = 128 << 10;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Keep_OverTwoSegments_HasWhatStandsThere()
    {
        byte[] log = new byte[2 * SegmentBytes];
        new Random(1).NextBytes(log);
        File.WriteAllBytes(Path.Combine(_folder.Path, "entries.log.0"), log[..SegmentBytes]);
        File.WriteAllBytes(Path.Combine(_folder.Path, "entries.log.1"), log[SegmentBytes..]);
        using var files = new SegmentFiles(_folder.Path, SegmentBytes);

        string name = CutTails.Keep(files, 1000, log.Length - 2000);

        Assert.Equal("entries.cut.1000", name);
        Assert.Equal(log[1000..^1000], File.ReadAllBytes(Path.Combine(_folder.Path, name)));
    }

    [Fact]
    public void Keep_MoreThanEver_LeavesTheLatestFewAndNoMoreThanTheirBytes()
    {
        File.WriteAllBytes(Path.Combine(_folder.Path, "entries.log.0"), [1]);
        using var files = new SegmentFiles(_folder.Path, 1L << 30);
        for (int i = 0; i < CutTails.MaxFiles + 2; i++)
        {
            string path = Path.Combine(_folder.Path, CutTails.Keep(files, i * 100, i == 4 ? CutTails.MaxBytes + 1 : 10));
            File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddDays(i));
        }

        Assert.Equal(
            [("entries.cut.200", 10), ("entries.cut.300", 10), ("entries.cut.400", CutTails.MaxBytes), ("entries.cut.500", 10L)],
            new DirectoryInfo(_folder.Path).GetFiles("entries.cut.*").OrderBy(file => file.Name).Select(file => (file.Name, file.Length)));
    }

    [Fact]
    public void Keep_Afterwards_TheCheckMentionsIt()
    {
        File.WriteAllBytes(Path.Combine(_folder.Path, "entries.log.0"), [1]);
        using var files = new SegmentFiles(_folder.Path, SegmentBytes);
        CutTails.Keep(files, 0, 1);
        var found = new List<Finding>();
        SegmentCheck.Run(files, new LogBegin(_folder.Path, LogIdentity.Of(1)), new Findings(found.Add));
        Finding note = Assert.Single(found);
        Assert.Equal((FindingKind.Note, "entries.cut.0", 1L), (note.Kind, note.File, note.Bytes));
    }
}
