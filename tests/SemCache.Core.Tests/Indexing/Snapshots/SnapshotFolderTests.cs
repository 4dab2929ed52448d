using SemCache.Core.Indexing.Snapshots;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Indexing.Snapshots;

public sealed class SnapshotFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly string _path;
    private readonly SnapshotFolder _folder;

    public SnapshotFolderTests()
    {
        _path = Path.Combine(_temporary.Path, "graphs");
        _folder = new SnapshotFolder(_path);
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Publish_Finished_TakesThePlaceOfTheOneBefore()
    {
        Write(1, 10);
        _folder.Publish(1);
        Assert.True(_folder.Has(1));
        Write(1, 20);
        Assert.Equal(10, new FileInfo(_folder.PathOf(1)).Length);
        _folder.Publish(1);
        Assert.Equal(20, new FileInfo(_folder.PathOf(1)).Length);
        Assert.Single(Directory.GetFiles(_path));
    }

    [Fact]
    public void Abandon_Unfinished_LeavesTheOneBefore()
    {
        Write(1, 10);
        _folder.Publish(1);
        Write(1, 20);
        _folder.Abandon(1);
        Assert.Equal(10, new FileInfo(_folder.PathOf(1)).Length);
        Assert.Single(Directory.GetFiles(_path));
    }

    [Fact]
    public void DeleteAllBut_Some_LeavesThemAndWhatIsNoSnapshot()
    {
        foreach (int partition in new[] { 1, 2, 3 })
        {
            Write((UInt128)partition, 10);
            _folder.Publish((UInt128)partition);
        }

        Write(1, 20);
        Write(4, 20);
        string other = Path.Combine(_path, "notes.txt");
        File.WriteAllText(other, "");
        _folder.DeleteAllBut([1, 3, 9]);
        Assert.Equal(
            new[] { _folder.PathOf(1), _folder.PathOf(3), other }.Order(), Directory.GetFiles(_path).Order());
    }

    [Fact]
    public void DeleteAllBut_NoFolder_DoesNothing()
    {
        _folder.DeleteAllBut([]);
        Assert.False(Directory.Exists(_path));
    }

    [Fact]
    public void RequireSpace_MoreThanThereIs_Refuses()
    {
        _folder.RequireSpace(1);
        IOException exception = Assert.Throws<IOException>(() => _folder.RequireSpace(long.MaxValue / 4));
        Assert.Contains("bytes are free", exception.Message, StringComparison.Ordinal);
    }

    private void Write(UInt128 partition, int bytes)
    {
        _folder.RequireSpace(bytes);
        using FileStream file = _folder.Create(partition);
        file.Write(new byte[bytes]);
    }
}
