using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using SemCache.Cli.Models.Download;

namespace SemCache.Cli.Tests.Models;

public sealed class FileDownloadTests : IAsyncLifetime
{
    private const string Remote = "/owner/name/resolve/revision/model.onnx";

    private static readonly byte[] _content = RandomNumberGenerator.GetBytes(300_000);
    private static readonly string _hash = Convert.ToHexStringLower(SHA256.HashData(_content));

    private readonly TemporaryFolder _folder = new();
    private FakeMirror _mirror = null!;

    private string Local => _folder.Path("model.onnx");

    public async ValueTask InitializeAsync()
    {
        _mirror = await FakeMirror.StartAsync();
        _mirror.Add(Remote, _content);
    }

    public async ValueTask DisposeAsync()
    {
        await _mirror.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Run_SoundMirror_GetsTheFileAndItsHash()
    {
        var seen = new List<long>();

        Assert.Equal(_hash, await RunAsync(progress: seen.Add));

        AssertComplete();
        Assert.Equal([Remote], _mirror.Requests);
        Assert.Equal(0, seen[0]);
        Assert.Equal(_content.Length, seen[^1]);
        Assert.Equal(seen.Order(), seen);
    }

    [Fact]
    public async Task Run_ConnectionBreaks_GoesOnWhereItStopped()
    {
        _mirror.PlayBreakAfter(100_000);
        _mirror.PlayBreakAfter(50_000);

        Assert.Equal(_hash, await RunAsync());

        AssertComplete();
        Assert.Equal(
            [Remote, $"{Remote} bytes=100000- \"v1\"", $"{Remote} bytes=150000- \"v1\""], _mirror.Requests);
    }

    [Fact]
    public async Task Run_MirrorKnowsNoRanges_BeginsAnew()
    {
        _mirror.PlayBreakAfter(100_000);
        _mirror.Play((context, content) => context.Response.Body.WriteAsync(content).AsTask());

        Assert.Equal(_hash, await RunAsync());

        AssertComplete();
        Assert.Equal(2, _mirror.Requests.Count);
    }

    [Fact]
    public async Task Run_FileChangesMeanwhile_IsNotMadeOfTwoHalves()
    {
        _mirror.PlayBreakAfter(100_000);
        var other = RandomNumberGenerator.GetBytes(200_000);
        _mirror.Play((context, _) =>
        {
            _mirror.ETag = "\"v2\"";
            _mirror.Add(Remote, other);
            context.Abort();
            return Task.CompletedTask;
        });

        var hash = await RunAsync(sha256: null, size: null);

        Assert.Equal(other, File.ReadAllBytes(Local));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(other)), hash);
        Assert.Contains("\"v1\"", _mirror.Requests.Last());
    }

    [Fact]
    public async Task Run_NoTagAndNoHash_DoesNotContinue()
    {
        _mirror.ETag = null;
        _mirror.PlayBreakAfter(100_000);

        Assert.Equal(_hash, await RunAsync(sha256: null));

        Assert.Equal([Remote, Remote], _mirror.Requests);
    }

    [Fact]
    public async Task Run_WrongHalfFromEarlier_BeginsAnewOnce()
    {
        _folder.Write("model.onnx.part", new byte[100_000]);

        Assert.Equal(_hash, await RunAsync());

        AssertComplete();
        Assert.Equal([$"{Remote} bytes=100000-", Remote], _mirror.Requests);
    }

    [Fact]
    public async Task Run_AllBytesFromEarlier_AsksForNothing()
    {
        _folder.Write("model.onnx.part", _content);

        Assert.Equal(_hash, await RunAsync());

        AssertComplete();
        Assert.Empty(_mirror.Requests);
    }

    [Fact]
    public async Task Run_AllBytesFromEarlierAndSizeUnknown_NothingMoreToSatisfy()
    {
        _folder.Write("model.onnx.part", _content);

        Assert.Equal(_hash, await RunAsync(size: null));

        AssertComplete();
        Assert.Equal([$"{Remote} bytes=300000-"], _mirror.Requests);
    }

    [Fact]
    public async Task Run_MoreHereThanThere_BeginsAnew()
    {
        _folder.Write("model.onnx.part", new byte[400_000]);

        Assert.Equal(_hash, await RunAsync(size: null));

        AssertComplete();
        Assert.Equal([$"{Remote} bytes=400000-", Remote], _mirror.Requests);
    }

    [Fact]
    public async Task Run_OtherRangeThanAsked_BeginsAnew()
    {
        _mirror.PlayBreakAfter(100_000);
        _mirror.PlayStatus(206, headers => headers.ContentRange = "bytes 5-299999/300000");

        Assert.Equal(_hash, await RunAsync());

        AssertComplete();
        Assert.Equal(Remote, _mirror.Requests.Last());
    }

    [Fact]
    public async Task Run_WrongHash_LeavesNothing()
    {
        var failure = await Assert.ThrowsAsync<DownloadException>(() => RunAsync(sha256: new string('0', 64)));

        Assert.Equal(ExitCode.Unexpected, failure.ExitCode);
        Assert.Contains($"its SHA-256 is {_hash} instead of {new string('0', 64)}", failure.Message);
        Assert.Empty(_folder.Names());
        Assert.Single(_mirror.Requests);
    }

    [Theory]
    [InlineData(299_999)]
    [InlineData(300_001)]
    public async Task Run_WrongSize_IsSeenBeforeTheDownload(long size)
    {
        var failure = await Assert.ThrowsAsync<DownloadException>(() => RunAsync(size: size));

        Assert.Equal("WRONG_CONTENT", failure.Code);
        Assert.Contains($"it has 300000 bytes instead of {size}", failure.Message);
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public async Task Run_UnannouncedSizeAndTooMuch_Stops()
    {
        _mirror.Play((context, content) => context.Response.Body.WriteAsync(content).AsTask());

        var failure = await Assert.ThrowsAsync<DownloadException>(() => RunAsync(size: 1000));

        Assert.Contains("it has more than 1000 bytes", failure.Message);
        Assert.False(File.Exists(Local));
    }

    [Theory]
    [InlineData(404, "does not exist (404 Not Found)")]
    [InlineData(401, "may not be read (401 Unauthorized)")]
    [InlineData(403, "may not be read (403 Forbidden)")]
    [InlineData(400, "cannot be read: the answer is 400 Bad Request")]
    public async Task Run_Refusal_IsNotRetried(int status, string problem)
    {
        _mirror.PlayStatus(status);

        var failure = await Assert.ThrowsAsync<DownloadException>(() => RunAsync());

        Assert.Equal(ExitCode.Refused, failure.ExitCode);
        Assert.Contains(problem, failure.Message);
        Assert.Contains(Remote, failure.Message);
        Assert.Single(_mirror.Requests);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    [InlineData(429)]
    [InlineData(408)]
    public async Task Run_FailureThatPasses_IsRetried(int status)
    {
        _mirror.PlayStatus(status, headers => headers.RetryAfter = "3600");
        _mirror.PlayStatus(status);

        Assert.Equal(_hash, await RunAsync());

        Assert.Equal(3, _mirror.Requests.Count);
    }

    [Fact]
    public async Task Run_FailureThatStays_EndsAfterTheRetries()
    {
        for (var i = 0; i < 9; i++)
        {
            _mirror.PlayStatus(503);
        }

        var failure = await Assert.ThrowsAsync<DownloadException>(() => RunAsync(retries: 2));

        Assert.Equal(ExitCode.Unavailable, failure.ExitCode);
        Assert.Contains("3 attempts in a row failed: the answer is 503", failure.Message);
        Assert.Equal(3, _mirror.Requests.Count);
    }

    [Fact]
    public async Task Run_BreaksThatBringBytes_AreNotCounted()
    {
        for (var i = 0; i < 8; i++)
        {
            _mirror.PlayBreakAfter(10_000);
        }

        Assert.Equal(_hash, await RunAsync(retries: 1));

        Assert.Equal(9, _mirror.Requests.Count);
    }

    [Fact]
    public async Task Run_Silence_EndsWithTheTimeout()
    {
        await using var mirror = _mirror;
        _ = mirror.PlaySilenceAfter(100_000);

        Assert.Equal(_hash, await RunAsync(timeout: TimeSpan.FromSeconds(0.5)));

        Assert.Equal([Remote, $"{Remote} bytes=100000- \"v1\""], mirror.Requests);
    }

    [Fact]
    public async Task Run_Redirect_IsFollowedWithTheRange()
    {
        _mirror.Add("/elsewhere", _content);
        _mirror.PlayBreakAfter(100_000);
        _mirror.PlayStatus(StatusCodes.Status302Found, headers => headers.Location = "/elsewhere");

        Assert.Equal(_hash, await RunAsync());

        Assert.Equal("/elsewhere bytes=100000- \"v1\"", _mirror.Requests.Last());
    }

    [Fact]
    public async Task Run_RedirectInACircle_IsExplained()
    {
        for (var i = 0; i < 60; i++)
        {
            _mirror.PlayStatus(StatusCodes.Status302Found, headers => headers.Location = Remote);
        }

        var failure = await Assert.ThrowsAsync<DownloadException>(() => RunAsync());

        Assert.Contains("which is not followed (302 Found)", failure.Message);
    }

    [Fact]
    public async Task Run_Cancelled_KeepsWhatHasComeForTheNext()
    {
        using var cancel = new CancellationTokenSource();
        var silent = _mirror.PlaySilenceAfter(100_000);
        var running = RunAsync(
            progress: here =>
            {
                if (here == 100_000)
                {
                    cancel.Cancel();
                }
            },
            cancellationToken: cancel.Token);
        await silent;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.Equal(100_000, new FileInfo(Local + ".part").Length);
        Assert.Equal(_hash, await RunAsync());
        Assert.Equal($"{Remote} bytes=100000- \"v1\"", _mirror.Requests.Last());
        AssertComplete();
    }

    [Fact]
    public async Task Run_Proxy_IsAskedForTheWholeAddress()
    {
        var address = new Uri("http://models.invalid" + Remote);

        Assert.Equal(_hash, await RunAsync(address: address, proxy: _mirror.Address));

        Assert.Equal([address.AbsoluteUri], _mirror.Requests);
    }

    [Fact]
    public async Task Run_NobodyThere_IsUnavailable()
    {
        var failure = await Assert.ThrowsAsync<DownloadException>(
            () => RunAsync(address: new Uri(CliRun.NoServer + Remote), retries: 1));

        Assert.Equal(ExitCode.Unavailable, failure.ExitCode);
        Assert.Contains("2 attempts in a row failed", failure.Message);
    }

    [Theory]
    [InlineData(1, null, 1)]
    [InlineData(2, null, 2)]
    [InlineData(3, null, 4)]
    [InlineData(900, null, 30)]
    [InlineData(1, 7, 7)]
    [InlineData(1, 3600, 30)]
    public void PauseBefore_DoublesOrObeysWithinALimit(int retry, int? asked, int seconds) =>
        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            DownloadSettings.Of(5, TimeSpan.FromSeconds(30)).PauseBefore(
                retry, asked is { } wish ? TimeSpan.FromSeconds(wish) : null));

    private async Task<string> RunAsync(
        string? sha256 = "known", long? size = 300_000, int retries = 3, TimeSpan? timeout = null, Uri? address = null,
        Uri? proxy = null, Action<long>? progress = null, CancellationToken cancellationToken = default)
    {
        var patience = timeout ?? TimeSpan.FromSeconds(20);
        using var client = new MirrorClient(proxy, patience, TimeProvider.System);
        var settings = new DownloadSettings(
            retries, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5), patience);
        return await new FileDownload(client, settings, TimeProvider.System).RunAsync(
            new FileToGet(
                address ?? new Uri(_mirror.Address, Remote), Local, size, sha256 == "known" ? _hash : sha256),
            progress ?? (_ => { }), cancellationToken);
    }

    private void AssertComplete()
    {
        Assert.Equal(_content, File.ReadAllBytes(Local));
        Assert.Equal(["model.onnx"], _folder.Names());
    }
}
