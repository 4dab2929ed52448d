using Microsoft.Extensions.Time.Testing;
using SemCache.Cli.Transfer;

namespace SemCache.Cli.Tests.Transfer;

public sealed class ImportProgressFileTests : IDisposable
{
    private static readonly Uri _server = new("http://cache:5080");

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    private string File => _folder.Path("entries.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_NoFile_BeginsAtTheBeginning() => Assert.Equal(0, Open().Load());

    [Fact]
    public void Load_AfterSave_ContinuesThere()
    {
        Open().Save(1_234);

        Assert.Equal(1_234, Open().Load());
        Assert.Equal([File + ".progress"], Directory.GetFiles(_folder.Path("")));
    }

    [Fact]
    public void Load_AfterDelete_BeginsAtTheBeginning()
    {
        Open().Save(1_234);
        Open().Delete();

        Assert.Equal(0, Open().Load());
    }

    [Fact]
    public void SaveIfDue_SavesOnceASecond()
    {
        var progress = Open();

        progress.SaveIfDue(1);
        Assert.Equal(0, Open().Load());

        _time.Advance(TimeSpan.FromSeconds(1));
        progress.SaveIfDue(2);
        progress.SaveIfDue(3);
        Assert.Equal(2, Open().Load());
    }

    [Fact]
    public void Load_OtherServerOrNamespace_Refuses()
    {
        Open().Save(5);

        var otherServer = new ImportProgressFile(File, new Uri("http://other:5080"), null, _time);
        var otherNamespace = new ImportProgressFile(File, _server, "support", _time);
        Assert.Contains("http://cache:5080/", Assert.Throws<UsageException>(() => otherServer.Load()).Message);
        Assert.Contains("--restart", Assert.Throws<UsageException>(() => otherNamespace.Load()).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("null")]
    [InlineData("""{"line":-1,"server":"http://cache:5080/"}""")]
    public void Load_Garbage_Refuses(string content)
    {
        _folder.Write("entries.jsonl.progress", content);

        Assert.Throws<UsageException>(() => Open().Load());
    }

    private ImportProgressFile Open() => new(File, _server, null, _time);
}
