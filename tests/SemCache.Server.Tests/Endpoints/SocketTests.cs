using System.Net.Sockets;
using Grpc.Net.Client;
using SemCache.Client;

namespace SemCache.Server.Tests.Endpoints;

/// <summary>A Unix-domain socket as an endpoint: served, replaced when it is stale, left alone when it is not.</summary>
public sealed class SocketTests : IDisposable
{
    private const int StaleReplaced = 130;

    private readonly TemporaryFolder _folder = new();

    private string Socket => _folder.File("s.sock");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(
        "660",
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite)]
    public async Task Socket_OfARunningServer_ServesAndHasItsMode(string? mode, UnixFileMode expected)
    {
        string[] more = mode is null ? [] : [$"--Kestrel:Endpoints:Local:SocketMode={mode}"];
        await using (TestServer server = await TestServer.StartAsync([.. Endpoint(Socket), .. more]))
        {
            await AssertServesAsync(Socket);
            Assert.Equal(expected, OperatingSystem.IsWindows() ? expected : File.GetUnixFileMode(Socket));
            Assert.DoesNotContain(server.Log.Lines, line => line.EventId == StaleReplaced);
        }

        Assert.False(Path.Exists(Socket));
    }

    [Fact]
    public async Task Start_OnTheSocketOfAKilledServer_ReplacesItAndSaysSo()
    {
        await using (ServerProcess killed = await ServerProcess.StartAsync(_folder.File("killed"), Endpoint(Socket)))
        {
            await AssertServesAsync(Socket);
            await killed.KillAsync();
        }

        Assert.True(Path.Exists(Socket));

        await using TestServer server = await TestServer.StartAsync(Endpoint(Socket));

        await AssertServesAsync(Socket);
        Assert.Contains(Socket, Assert.Single(server.Log.Lines, line => line.EventId == StaleReplaced).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnTheSocketOfARunningServer_IsRefusedAndLeavesThatAlone()
    {
        await using TestServer first = await TestServer.StartAsync(Endpoint(Socket));

        await AssertRefusedAsync(Endpoint(Socket), "Kestrel:Endpoints:Local:Url", Socket, "in use by another process");

        await AssertServesAsync(Socket);
    }

    [Fact]
    public async Task Start_OnTheSocketOfAnotherProgram_IsRefusedAndLeavesThatAlone()
    {
        using var other = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(Socket));
        other.Listen();

        await AssertRefusedAsync(Endpoint(Socket), "Kestrel:Endpoints:Local:Url", Socket, "in use by another process");

        Assert.True(Path.Exists(Socket));
    }

    [Fact]
    public async Task Start_OnAnOrdinaryFile_IsRefusedAndLeavesThatAlone()
    {
        await File.WriteAllTextAsync(Socket, "somebody's");

        await AssertRefusedAsync(Endpoint(Socket), "Kestrel:Endpoints:Local:Url", Socket, "not touched");

        Assert.Equal("somebody's", await File.ReadAllTextAsync(Socket));
    }

    [Fact]
    public async Task Start_WithWrongSockets_NamesEveryKey()
    {
        string tooLong = "/tmp/" + new string('x', 103);

        await AssertRefusedAsync(
            [.. Endpoint(tooLong), "--Kestrel:Endpoints:Local:SocketMode=68"],
            "Kestrel:Endpoints:Local:Url", "108 bytes", "at most 107", "Kestrel:Endpoints:Local:SocketMode", "600 to 777");
    }

    [Fact]
    public async Task Start_InAFolderThatIsNot_NamesTheKey() => await AssertRefusedAsync(
        Endpoint(_folder.File("nowhere/s.sock")), "Kestrel:Endpoints:Local:Url", "nowhere");

    [Theory]
    [InlineData("unix:/run/semcache.sock", "/run/semcache.sock")]
    [InlineData("unix:///run/semcache.sock", "/run/semcache.sock")]
    [InlineData("unix:semcache.sock", null)]
    [InlineData("unix:", null)]
    [InlineData("http://localhost:5080", null)]
    public void TryParseSocket_Address_GivesThePathOrNothing(string address, string? expected)
    {
        Assert.Equal(expected is not null, SemCacheChannel.TryParseSocket(address, out string? path));
        Assert.Equal(expected, path);
    }

    [Theory]
    [InlineData("unix:semcache.sock")]
    [InlineData("ftp://localhost")]
    [InlineData("nothing")]
    public void ForAddress_WhatIsNoAddress_IsRefused(string address) =>
        Assert.Throws<ArgumentException>("address", () => SemCacheChannel.ForAddress(address));

    [Fact]
    public void ForAddress_SocketAndAHandlerThatCannotConnectToIt_IsRefused()
    {
        using var handler = new HttpClientHandler();

        Assert.Throws<ArgumentException>(
            "options", () => SemCacheChannel.ForAddress("unix:/s", new GrpcChannelOptions { HttpHandler = handler }));
    }

    [Fact]
    public void ForAddress_TwoSocketsWithTheSameOptions_LeavesTheOptionsAsTheyWere()
    {
        var options = new GrpcChannelOptions();
        using GrpcChannel first = SemCacheChannel.ForAddress("unix:/a", options);
        using GrpcChannel second = SemCacheChannel.ForAddress("unix:/b", options);

        Assert.Null(options.HttpHandler);
        Assert.False(options.DisposeHttpClient);
    }

    private static string[] Endpoint(string socket) =>
        [$"--Kestrel:Endpoints:Local:Url=http://unix:{socket}", "--Kestrel:Endpoints:Local:Protocols=Http2"];

    private static async Task AssertServesAsync(string socket)
    {
        using GrpcChannel channel = SemCacheChannel.ForAddress($"unix:{socket}");
        var cache = new SemanticCache.SemanticCacheClient(channel);
        await cache.StoreAsync(Ask.Store("a", "Why?", "Because."));

        LookupResponse hit = await cache.LookupAsync(Ask.Lookup("a", "Why?"));

        Assert.Equal("Because.", hit.Response.Text);
    }

    private async Task AssertRefusedAsync(string[] arguments, params string[] named)
    {
        await using ServerProcess server = await ServerProcess.RunToEndAsync(_folder.File("refused"), arguments);

        Assert.Equal(1, server.ExitCode);
        string sentence = Assert.Single(server.Errors.Split('\n'));
        Assert.All(named, part => Assert.Contains(part, sentence, StringComparison.Ordinal));
    }
}
