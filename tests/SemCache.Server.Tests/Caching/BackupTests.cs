using System.Formats.Tar;

namespace SemCache.Server.Tests.Caching;

public sealed class BackupTests
{
    [Fact]
    public async Task Backup_OfARunningServer_IsAnArchiveInPiecesThatAnyClientTakes()
    {
        await using TestServer server = await FilledAsync();

        using var call = server.Admin.Backup(new());
        List<BackupResponse> pieces = await call.ResponseStream.ReadToEndAsync();

        Assert.True(pieces.Count > 4);
        Assert.All(pieces, piece => Assert.InRange(piece.Data.Length, 1, 256 * 1024));
        using var archive = new MemoryStream([.. pieces.SelectMany(piece => piece.Data)]);
        Assert.InRange(archive.Length - pieces[0].TotalBytes, 1, 64 * 1024);
        var names = new List<string>();
        await using var tar = new TarReader(archive);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            names.Add(entry.Name);
        }

        Assert.Equal(["entries.json", "entries.begin", "entries.log.0", "backup.json"], names);
    }

    [Fact]
    public async Task Backup_ThatNobodyReads_StopsNobodyAndEndsWithItsClient()
    {
        await using TestServer server = await FilledAsync();
        using var first = server.Admin.Backup(new());
        using var second = server.Admin.Backup(new());
        Assert.True(await first.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.True(await second.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        await server.Cache.StoreAsync(Ask.Store("", "Why?", "Because."));
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            using var third = server.Admin.Backup(new());
            await third.ResponseStream.ReadToEndAsync();
        });
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);

        first.Dispose();
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    using var third = server.Admin.Backup(new());
                    return (await third.ResponseStream.ReadToEndAsync()).Count > 0;
                }
                catch (RpcException exception) when (exception.StatusCode == StatusCode.ResourceExhausted)
                {
                    return false;
                }
            },
            "a place for another backup");
    }

    // More than the transport's windows hold, so that a backup that is not read is not over.
    private static async Task<TestServer> FilledAsync()
    {
        TestServer server = await TestServer.StartAsync("--SemCache:Storage:Durability=None");
        string megabyte = new('x', 1_000_000);
        for (int i = 0; i < 24; i++)
        {
            await server.Cache.StoreAsync(Ask.Store("", $"question {i}", megabyte));
        }

        return server;
    }
}
