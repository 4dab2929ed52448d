namespace SemCache.Cli.Tests.Commands;

/// <summary>The command line over a Unix-domain socket.</summary>
public sealed class SocketTests(SocketTests.Server server) : IClassFixture<SocketTests.Server>
{
    [Fact]
    public async Task Server_AsUnixPath_IsReachedByItsSocket()
    {
        string[] at = ["--server", $"unix:{server.Socket}"];

        CliRun stored = await CliRun.ExecuteAsync("", ["store", "Why?", "Because.", .. at]);
        CliRun found = await CliRun.ExecuteAsync("", ["lookup", "Why?", .. at]);

        Assert.Equal(ExitCode.Ok, stored.ExitCode);
        Assert.Equal(ExitCode.Ok, found.ExitCode);
        Assert.Contains("Because.", found.Out, StringComparison.Ordinal);
    }

    public sealed class Server : ServerFixture
    {
        private readonly TemporaryFolder _folder;

        public Server()
            : this(new TemporaryFolder())
        {
        }

        private Server(TemporaryFolder folder)
            : base(
                $"--Kestrel:Endpoints:Local:Url=http://unix:{folder.Path("s.sock")}",
                "--Kestrel:Endpoints:Local:Protocols=Http2") => _folder = folder;

        /// <summary>The file of its socket.</summary>
        public string Socket => _folder.Path("s.sock");

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            _folder.Dispose();
        }
    }
}
