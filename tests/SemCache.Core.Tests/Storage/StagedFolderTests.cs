using SemCache.Core.Storage;
using SemCache.Core.Storage.Checking;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage;

public sealed class StagedFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    private string Folder => Path.Combine(_temporary.Path, "data");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Start_OnWhatAKilledRestoreLeft_IsRefusedAndTheNextOneTakesItAway()
    {
        LeaveUnfinished();
        await using (TestCache cache = TestCache.Create(Folder))
        {
            CacheStartupException refused = Assert.Throws<CacheStartupException>(cache.Cache.Open);
            Assert.Contains("unfinished restore", refused.Message, StringComparison.Ordinal);
        }

        Assert.Throws<FolderRefusedException>(() => LogCheck.Open(Folder, _ => { }));
        using (var staged = StagedFolder.Create(Folder, 0))
        {
            Assert.Empty(Directory.GetFileSystemEntries(staged.Path));
            File.WriteAllText(Path.Combine(staged.Path, "entries.json"), "new");
            staged.Publish();
        }

        Assert.Equal(["entries.json"], Directory.GetFileSystemEntries(Folder).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("precious")]
    [InlineData("entries.json")]
    public void Create_SomethingElseIsThere_IsRefusedAndLeftAlone(string name)
    {
        LeaveUnfinished();
        File.WriteAllText(Path.Combine(Folder, name), "mine");
        Assert.Throws<FolderRefusedException>(() => StagedFolder.Create(Folder, 0));
        Assert.Equal(4, Directory.GetFileSystemEntries(Folder).Length);
    }

    [Fact]
    public void Create_AnotherOneIsAtIt_IsRefused()
    {
        using var first = StagedFolder.Create(Folder, 0);
        FolderRefusedException refused = Assert.Throws<FolderRefusedException>(() => StagedFolder.Create(Folder, 0));
        Assert.Contains("in use by another process", refused.Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(first.Path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Create_MoreThanTheDeviceHas_SaysHowMuchIsNeededAndLeavesNothing(bool exists)
    {
        if (exists)
        {
            Directory.CreateDirectory(Folder);
        }

        IOException refused = Assert.Throws<IOException>(() => StagedFolder.Create(Folder, long.MaxValue));
        Assert.Equal($"{Folder} has too little space: {long.MaxValue} bytes are needed.", refused.Message);
        Assert.Equal(exists, Directory.Exists(Folder));
        Assert.True(!exists || Directory.GetFileSystemEntries(Folder).Length == 0);
    }

    // Killed while it moved the files: the manifest is last.
    private void LeaveUnfinished()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "unfinished"));
        File.WriteAllText(Path.Combine(Folder, "unfinished", "entries.json"), "old");
        File.WriteAllText(Path.Combine(Folder, "entries.log.0"), "old");
        File.WriteAllText(Path.Combine(Folder, "lock"), "");
    }
}
