namespace SemCache.Server.Tests.Configuration;

/// <summary>What cannot be started ends with code 1 and one sentence that tells the operator what to change.</summary>
public sealed class StartupFailureTests
{
    public static TheoryData<string[], string[]> WrongOptions { get; } = new()
    {
        { ["--SemCache:NamespaceDefaults:Threshold=1.5"], ["SemCache:NamespaceDefaults:Threshold", "1.5", "-1 to 1"] },
        {
            ["--SemCache:Limits:MaxTags=-1", "--SemCache:Storage:PageSize=1000", "--SemCache:Model:Workers=0"],
            ["SemCache:Limits:MaxTags", "SemCache:Storage:PageSize", "SemCache:Model:Workers"]
        },
        { ["--SemCache:Limits:MaxTag=5"], ["MaxTag"] },
        { ["--SemCache:NamespaceDefaults:Threshold=high"], ["SemCache:NamespaceDefaults:Threshold"] },
        { ["--SemCache:Namespaces:a:Ttl=400.00:00:00"], ["SemCache:Namespaces:a:Ttl"] },
        {
            ["--SemCache:Namespaces:a:Guards:nimber=false", "--SemCache:NamespaceDefaults:MaxErrorRate=2"],
            ["SemCache:Namespaces:a:Guards:nimber", "SemCache:NamespaceDefaults:MaxErrorRate", "0 to 1"]
        },
        { ["--SemCache:Model:VerifierTimeout=00:02:00"], ["SemCache:Model:VerifierTimeout", "00:01:00"] },
        { ["--SemCache:Model:Path=/nowhere"], ["SemCache:Model:Path", "/nowhere"] },
        { ["--config", "/nowhere.json"], ["--config", "/nowhere.json"] },
    };

    [Theory]
    [MemberData(nameof(WrongOptions))]
    public async Task Start_WithWrongOptions_NamesEveryKey(string[] arguments, string[] named)
    {
        using var folder = new TemporaryFolder();

        await AssertEndsAsync(folder.File("data"), arguments, named);
    }

    [Fact]
    public async Task Start_WithACorruptModel_NamesTheFile()
    {
        using var folder = new TemporaryFolder();
        string model = await CopyOfModel.CorruptAsync(folder);

        await AssertEndsAsync(folder.File("data"), [$"--SemCache:Model:Path={model}"], ["model.onnx", "SHA-256"]);
    }

    [Fact]
    public async Task Start_OnAFolderInUse_NamesTheKeyAndLeavesTheOtherProcessAlone()
    {
        using var folder = new TemporaryFolder();
        await using TestServer first = await TestServer.StartOnAsync(folder);

        await AssertEndsAsync(folder.File("data"), [], ["SemCache:Storage:Path", folder.Path]);

        Assert.NotEmpty((await first.Cache.StoreAsync(Ask.Store("a", "Why?", "Because."))).EntryId);
    }

    [Fact]
    public async Task Start_OnAnAddressInUse_NamesTheKey()
    {
        using var folder = new TemporaryFolder();
        await using TestServer first = await TestServer.StartAsync();

        await AssertEndsAsync(
            folder.File("data"), [$"--Kestrel:Endpoints:Http:Url={first.HttpAddress}"], ["Kestrel:Endpoints:Http:Url"]);
    }

    private static async Task AssertEndsAsync(string dataFolder, string[] arguments, string[] named)
    {
        await using ServerProcess server = await ServerProcess.RunToEndAsync(dataFolder, arguments);

        Assert.Equal(1, server.ExitCode);
        string sentence = Assert.Single(server.Errors.Split('\n'));
        Assert.StartsWith("semcache: ", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
        Assert.All(named, part => Assert.Contains(part, sentence, StringComparison.Ordinal));
    }
}
