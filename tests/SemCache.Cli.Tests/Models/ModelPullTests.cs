using SemCache.Cli.Models;
using SemCache.Cli.Models.Download;
using SemCache.Core.Embeddings;

namespace SemCache.Cli.Tests.Models;

public sealed class ModelPullTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private FakeMirror _mirror = null!;

    private string Target => _folder.Path(TinyModel.Name);

    public async ValueTask InitializeAsync()
    {
        _mirror = await FakeMirror.StartAsync();
        TinyModel.AddTo(_mirror);
    }

    public async ValueTask DisposeAsync()
    {
        await _mirror.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Run_SoundMirror_MakesAFolderThatLoads()
    {
        var pulled = await RunAsync(TinyModel.Entry());

        Assert.Equal(Target, pulled.Folder);
        Assert.False(pulled.AlreadyThere);
        Assert.Empty(pulled.TrustedOnFirstUse);
        Assert.Equal([TinyModel.Name], _folder.Names());
        var manifest = ModelManifest.Load(Target);
        Assert.Equal(TinyModel.Hash("model.onnx"), manifest.Sha256["model.onnx"]);
        Assert.Equal("owner/tiny@0123456789abcdef0123456789abcdef01234567", manifest.Source);
        await using var model = LoadedModel.Load(Target);
        Assert.Equal(32, model.Embedder.Dimension);
    }

    [Fact]
    public async Task Run_MirrorWithAPath_IsAskedBelowIt()
    {
        TinyModel.AddTo(_mirror, "/artifacts/hf");

        await RunAsync(TinyModel.Entry(), mirror: new Uri(_mirror.Address, "/artifacts/hf/"));

        Assert.All(_mirror.Requests, request => Assert.StartsWith("/artifacts/hf/o", request));
    }

    [Fact]
    public async Task Run_SecondFileFails_ANewRunGoesOnWithIt()
    {
        _mirror.Play((context, content) => context.Response.Body.WriteAsync(content).AsTask());
        _mirror.PlayStatus(404);

        await Assert.ThrowsAsync<DownloadException>(() => RunAsync(TinyModel.Entry()));
        Assert.False(Directory.Exists(Target));
        await RunAsync(TinyModel.Entry());

        Assert.Equal(3, _mirror.Requests.Count);
        Assert.Equal([TinyModel.Name], _folder.Names());
    }

    [Fact]
    public async Task Run_FileOfAnotherVersionFromEarlier_IsReplaced()
    {
        Directory.CreateDirectory(Target + ".part");
        _folder.Write("tiny.part/vocab.txt", "another version");

        await RunAsync(TinyModel.Entry());

        Assert.Equal(TinyModel.Content("vocab.txt"), File.ReadAllBytes(Path.Combine(Target, "vocab.txt")));
    }

    [Fact]
    public async Task Run_ModelIsThere_DownloadsNothing()
    {
        await RunAsync(TinyModel.Entry());
        var requests = _mirror.Requests.Count;

        var again = await RunAsync(TinyModel.Entry());

        Assert.True(again.AlreadyThere);
        Assert.Equal(requests, _mirror.Requests.Count);
    }

    [Fact]
    public async Task Run_AnotherModelIsThere_IsLeftAlone()
    {
        await RunAsync(TinyModel.Entry());
        var other = TinyModel.Entry() with
        {
            Files = [.. TinyModel.Entry().Files.Select(file => file with { Sha256 = new string('0', 64) })],
        };

        var problem = await Assert.ThrowsAsync<UsageException>(() => RunAsync(other));

        Assert.Contains("is another model (tiny, owner/tiny@", problem.Message);
        Assert.Equal(TinyModel.Hash("model.onnx"), ModelManifest.Load(Target).Sha256["model.onnx"]);
    }

    [Fact]
    public async Task Run_SomethingElseIsThere_IsLeftAlone()
    {
        Directory.CreateDirectory(Target);
        _folder.Write("tiny/model.onnx", "mine");

        var problem = await Assert.ThrowsAsync<UsageException>(() => RunAsync(TinyModel.Entry()));

        Assert.Contains("exists, but is no sound model", problem.Message);
        Assert.Equal("mine", File.ReadAllText(_folder.Path("tiny/model.onnx")));
        Assert.Empty(_mirror.Requests);
    }

    [Fact]
    public async Task Run_Unpinned_NeedsTheUsersWord()
    {
        var problem = await Assert.ThrowsAsync<UsageException>(() => RunAsync(TinyModel.Entry(pinned: false)));

        Assert.Contains("The hash of model.onnx of tiny is not known", problem.Message);
        Assert.Empty(_folder.Names());
        Assert.Empty(_mirror.Requests);
    }

    [Fact]
    public async Task Run_UnpinnedAndAccepted_WritesTheHashDown()
    {
        var pulled = await RunAsync(TinyModel.Entry(pinned: false), acceptUnpinned: true);

        Assert.Equal(["model.onnx"], pulled.TrustedOnFirstUse);
        Assert.Equal(TinyModel.Hash("model.onnx"), ModelManifest.Load(Target).Sha256["model.onnx"]);
    }

    [Fact]
    public async Task Run_UnpinnedFromAnUnsafeMirror_IsRefused()
    {
        var problem = await Assert.ThrowsAsync<UsageException>(() => RunAsync(
            TinyModel.Entry(pinned: false), acceptUnpinned: true, mirror: new Uri("http://models.example.com")));

        Assert.Contains("it needs a mirror with https", problem.Message);
    }

    [Fact]
    public async Task Run_MoreThanTheDiskHolds_IsSaidBefore()
    {
        var huge = TinyModel.Entry() with
        {
            Files = [.. TinyModel.Entry().Files.Select(file => file with { Size = long.MaxValue / 4 })],
        };

        var problem = await Assert.ThrowsAsync<IOException>(() => RunAsync(huge));

        Assert.Matches("^tiny needs .* more, but .* has .* free.$", problem.Message);
        Assert.Empty(_mirror.Requests);
    }

    private async Task<PulledModel> RunAsync(CatalogueModel model, bool acceptUnpinned = false, Uri? mirror = null)
    {
        var patience = TimeSpan.FromSeconds(20);
        using var client = new MirrorClient(proxy: null, patience, TimeProvider.System);
        var settings = new DownloadSettings(0, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5), patience);
        return await new ModelPull(new FileDownload(client, settings, TimeProvider.System), mirror ?? _mirror.Address)
            .RunAsync(model, _folder.Path("."), acceptUnpinned, TestContext.Current.CancellationToken);
    }
}
