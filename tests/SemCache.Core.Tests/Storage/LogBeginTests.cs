using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage;

public sealed class LogBeginTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LogIdentity _log = LogIdentity.Of(7);

    [Fact]
    public void Read_NothingTruncatedEver_IsZero() => Assert.Equal(0, new LogBegin(_folder.Path, _log).Read());

    [Fact]
    public void Read_AfterWrites_IsTheLastOne()
    {
        var begin = new LogBegin(_folder.Path, _log);
        begin.Write(64 << 20);
        begin.Write(128 << 20);
        Assert.Equal(128 << 20, new LogBegin(_folder.Path, _log).Read());
    }

    [Fact]
    public void Write_AFileThatIsThere_WritesIntoIt()
    {
        var begin = new LogBegin(_folder.Path, _log);
        begin.Reserve();
        Assert.Equal(0, begin.Read());
        string path = Assert.Single(Directory.GetFiles(_folder.Path));
        using FileStream opened = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        long length = opened.Length;
        for (int i = 1; i <= 5; i++)
        {
            begin.Write(i << 20);
            Assert.Equal(i << 20, new LogBegin(_folder.Path, _log).Read());
            Assert.Equal(length, new FileInfo(path).Length);
        }

        // Another file of the same name would not change this one.
        byte[] content = new byte[length];
        opened.ReadExactly(content);
        Assert.Equal(content, File.ReadAllBytes(path));
    }

    [Fact]
    public void Read_AnyBitFlipped_IsNull()
    {
        new LogBegin(_folder.Path, _log).Write(64 << 20);
        string path = Assert.Single(Directory.GetFiles(_folder.Path));
        byte[] content = File.ReadAllBytes(path);
        for (int bit = 0; bit < content.Length * 8; bit++)
        {
            if (bit == 20 * 8)
            {
                // Between the slots, one after the other takes too long.
                bit = (content.Length - 20) * 8;
            }

            byte[] damaged = [.. content];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(path, damaged);
            Assert.Null(new LogBegin(_folder.Path, _log).Read());
        }
    }

    [Fact]
    public void Read_OfAnotherLog_IsNull()
    {
        new LogBegin(_folder.Path, _log).Write(64 << 20);
        Assert.Null(new LogBegin(_folder.Path, LogIdentity.Of(8)).Read());
    }

    public void Dispose() => _folder.Dispose();
}
