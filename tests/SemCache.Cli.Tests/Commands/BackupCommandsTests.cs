using System.Text.Json;

namespace SemCache.Cli.Tests.Commands;

/// <summary>backup, restore and fsck, from a server to a server.</summary>
public sealed class BackupCommandsTests(BackupCommandsTests.Server server) : IClassFixture<BackupCommandsTests.Server>, IDisposable
{
    private const int Entries = 30;

    private readonly TemporaryFolder _folder = new();

    private string Backup => _folder.Path("backup.tar");

    private string Data => _folder.Path("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Backup_OfARunningServer_IsRestoredToAFolderThatAnotherServerServes()
    {
        var backup = await BackUpAsync();
        var verify = await CliRun.ExecuteAsync("restore", Backup, "--verify");
        var restore = await CliRun.ExecuteAsync("restore", Backup, "--to", Data);

        Assert.Equal((ExitCode.Ok, ExitCode.Ok, ExitCode.Ok), (backup.ExitCode, verify.ExitCode, restore.ExitCode));
        Assert.StartsWith($"Backed up to {Backup}: {Entries} entries, ", backup.Out);
        Assert.StartsWith($"{Backup} is sound: {Entries} entries, ", verify.Out);
        Assert.StartsWith($"Restored to {Data}: {Entries} entries, ", restore.Out);
        Assert.Equal(["backup.tar", "data"], _folder.Names());
        Assert.Equal(["entries.begin", "entries.json", "entries.log.0"], Directory.GetFileSystemEntries(Data).Select(Path.GetFileName).Order());
        await using var restored = new Server(Data);
        await restored.InitializeAsync();
        var found = await restored.RunAsync("lookup", "question 7", "-n", "saved");
        Assert.EndsWith("\nanswer 7\n", found.Out);
    }

    [Fact]
    public async Task Backup_WrittenToAFile_IsItsOwnersOnly()
    {
        await BackUpAsync();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Backup));
        }
    }

    [Fact]
    public async Task Backup_FileExists_IsLeftAloneWithoutForce()
    {
        _folder.Write("backup.tar", "precious");
        var refused = await BackUpAsync();
        Assert.Equal(ExitCode.Usage, refused.ExitCode);
        Assert.Contains("--force", refused.Error);
        Assert.Equal("precious", await File.ReadAllTextAsync(Backup));

        var forced = await BackUpAsync("--force", "--json");
        Assert.Equal(ExitCode.Ok, forced.ExitCode);
        Assert.Equal(Entries, JsonDocument.Parse(forced.Out).RootElement.GetProperty("entries").GetInt32());
        Assert.Equal(ExitCode.Ok, (await CliRun.ExecuteAsync("restore", Backup, "--verify")).ExitCode);
    }

    [Fact]
    public async Task Backup_NoServer_LeavesNoFile()
    {
        var run = await CliRun.ExecuteAsync("backup", "--output", Backup);
        Assert.Equal(ExitCode.Unavailable, run.ExitCode);
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public async Task Restore_DamagedBackup_NamesTheFileAndMakesNoFolder()
    {
        await BackUpAsync();
        var bytes = await File.ReadAllBytesAsync(Backup);
        bytes[bytes.AsSpan().IndexOf("answer 7"u8)] ^= 1;
        await File.WriteAllBytesAsync(Backup, bytes);

        foreach (var run in new[]
        {
            await CliRun.ExecuteAsync("restore", Backup, "--to", Data), await CliRun.ExecuteAsync("restore", Backup, "--verify"),
        })
        {
            Assert.Equal(ExitCode.Damaged, run.ExitCode);
            Assert.Contains("The backup cannot be used: entries.log.0: damaged", run.Error);
        }

        Assert.Equal(["backup.tar"], _folder.Names());
    }

    [Theory]
    [InlineData("restore", "nowhere.tar", "--verify")]
    [InlineData("fsck", "nowhere")]
    public async Task Command_NothingThere_SaysSo(params string[] args) =>
        Assert.Equal(ExitCode.Usage, (await CliRun.ExecuteAsync(args)).ExitCode);

    [Fact]
    public async Task Restore_FolderNotEmpty_IsRefused()
    {
        await BackUpAsync();
        Directory.CreateDirectory(Data);
        _folder.Write("data/precious", "mine");
        var run = await CliRun.ExecuteAsync("restore", Backup, "--to", Data);
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("is not empty", run.Error);
    }

    [Fact]
    public async Task Fsck_FolderOfARunningServer_IsRefused()
    {
        var run = await CliRun.ExecuteAsync("fsck", server.Folder);
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("in use by another process", run.Error);
    }

    [Fact]
    public async Task Fsck_SoundFolder_SaysWhatIsInIt()
    {
        await RestoreAsync();

        var run = await CliRun.ExecuteAsync("fsck", Data);

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Matches(@"entries\.log\.0 +[0-9.]+ KiB +[0-9.]+ KiB", run.Out);
        Assert.Matches($@"saved +1 +{Entries}", run.Out);
        Assert.Contains($"sound  {Entries} entries in {Entries + 1} records, log from 0 to ", run.Out);
    }

    [Fact]
    public async Task Fsck_DamagedFolder_TellsTheAddressAndRepairsTheRest()
    {
        await RestoreAsync();
        var segment = Path.Combine(Data, "entries.log.0");
        var bytes = await File.ReadAllBytesAsync(segment);
        bytes[bytes.AsSpan().IndexOf("answer 7"u8)] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes);

        var run = await CliRun.ExecuteAsync("fsck", Data, "--repair", _folder.Path("new"));
        var json = await CliRun.ExecuteAsync("fsck", Data, "--json");
        var again = await CliRun.ExecuteAsync("fsck", _folder.Path("new"), "--json");

        Assert.Equal((ExitCode.Damaged, ExitCode.Damaged, ExitCode.Ok), (run.ExitCode, json.ExitCode, again.ExitCode));
        Assert.Matches(@"^problem entries\.log\.0 address \d+, \d+ bytes: damaged", run.Out);
        Assert.Contains($"damaged  1 problem; {Entries - 1} entries", run.Out);
        Assert.Contains($"repaired  {Entries - 1} entries are in {_folder.Path("new")}, which is sound", run.Out);
        var finding = Assert.Single(Found(json).GetProperty("findings").EnumerateArray());
        Assert.Equal("problem", finding.GetProperty("kind").GetString());
        Assert.True(finding.GetProperty("address").GetInt64() > 0);
        Assert.Equal((0, Entries - 1), (Found(again).GetProperty("problems").GetInt32(), Found(again).GetProperty("entries").GetInt32()));
    }

    [Fact]
    public async Task Fsck_RepairWithoutAManifest_SaysThatNothingWasRepaired()
    {
        await RestoreAsync();
        File.Delete(Path.Combine(Data, "entries.json"));

        var run = await CliRun.ExecuteAsync("fsck", Data, "--repair", _folder.Path("new"));
        var json = await CliRun.ExecuteAsync("fsck", Data, "--repair", _folder.Path("new"), "--json");

        Assert.Equal((ExitCode.Damaged, ExitCode.Damaged), (run.ExitCode, json.ExitCode));
        Assert.Contains("not repaired  the log cannot be read without its entries.json", run.Out);
        Assert.True(JsonDocument.Parse(json.Out).RootElement.GetProperty("notRepaired").GetBoolean());
        Assert.False(Directory.Exists(_folder.Path("new")));
    }

    [Fact]
    public async Task Fsck_RepairIntoTheFolderItself_IsRefused()
    {
        await RestoreAsync();
        var run = await CliRun.ExecuteAsync("fsck", Data, "--repair", Path.Combine(Data, "new"));
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("lies inside", run.Error);
    }

    [Fact]
    public async Task Fsck_TornTail_IsANoteAndTheFolderIsSound()
    {
        await RestoreAsync();
        var segment = new FileInfo(Path.Combine(Data, "entries.log.0"));
        using (var file = segment.OpenWrite())
        {
            file.SetLength(segment.Length - 50);
        }

        var run = await CliRun.ExecuteAsync("fsck", Data);

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Matches(@"^note entries\.log\.0 address \d+, \d+ bytes: torn tail", run.Out);
    }

    private static JsonElement Found(CliRun run) => JsonDocument.Parse(run.Out).RootElement.GetProperty("found");

    private Task<CliRun> BackUpAsync(params string[] options) => server.RunAsync(["backup", "--output", Backup, .. options]);

    private async Task RestoreAsync()
    {
        await BackUpAsync();
        Assert.Equal(ExitCode.Ok, (await CliRun.ExecuteAsync("restore", Backup, "--to", Data)).ExitCode);
    }

    /// <summary>A server with some entries in the namespace <c>saved</c>.</summary>
    public sealed class Server : ServerFixture
    {
        private readonly TemporaryFolder? _owned;

        public Server()
            : this(new TemporaryFolder())
        {
        }

        internal Server(string folder)
            : base($"--SemCache:Storage:Path={folder}") => Folder = folder;

        private Server(TemporaryFolder owned)
            : this(owned.Path("served")) => _owned = owned;

        public string Folder { get; }

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            for (var i = 0; i < Entries && _owned is not null; i++)
            {
                await RunAsync("store", $"question {i}", $"answer {i}", "-n", "saved");
            }
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            _owned?.Dispose();
            GC.SuppressFinalize(this);
        }
    }
}
