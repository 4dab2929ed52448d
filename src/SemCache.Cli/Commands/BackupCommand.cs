using System.CommandLine;
using Grpc.Core;
using SemCache.Cli.Backups;
using SemCache.Cli.Output;
using SemCache.Core.Storage.Backup;
using SemCache.V1;

namespace SemCache.Cli.Commands;

/// <summary><c>semcache backup</c></summary>
internal sealed class BackupCommand : CliCommand
{
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Where to write the backup, a tar archive",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<bool> _force = new("--force") { Description = "Overwrite FILE" };

    public BackupCommand(CliContext context)
        : base(
            "backup",
            "Writes a backup of a running server: all namespaces, with everything that was stored before the call. It is "
                + "checked while it comes, and FILE is there only when it is whole. Whoever can read it can read the entries. "
                + "--timeout is the longest wait for the next bytes.",
            context)
    {
        Add(_output);
        Add(_force);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "semcache backup --output semcache.tar",
        "semcache backup --output /backups/semcache-$(date +%F).tar --server cache.example.com:5080",
        "semcache restore semcache.tar --verify",
    ];

    public override IReadOnlyList<int> ExitCodes => [.. ExitCode.OfServerCommands.Append(ExitCode.Damaged).Order()];

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var path = parse.GetRequiredValue(_output);
        using var connection = ServerConnection.Open(parse, Context);
        await using var target = BackupTarget.Create(path, parse.GetValue(_force));
        var manifest = await DownloadAsync(connection, target.File, WantsJson(parse), cancellationToken);
        await target.PublishAsync();
        var summary = BackupSummary.Of(Path.GetFullPath(path), manifest);
        if (WantsJson(parse))
        {
            JsonOutput.Write(Environment, summary);
        }
        else
        {
            Environment.Out.WriteLine($"Backed up to {path}: {summary}.");
        }

        return ExitCode.Ok;
    }

    private async Task<BackupManifest> DownloadAsync(
        ServerConnection connection, FileStream file, bool silent, CancellationToken cancellationToken)
    {
        using var call = connection.Admin.Backup(new BackupRequest(), cancellationToken: cancellationToken);
        await using var download = new DownloadStream(call.ResponseStream, connection.Timeout, file);
        var manifest = default(BackupManifest)!;
        await new ProgressDisplay(Environment, silent, (bytes, elapsed) => Transferred.Describe(bytes, download.Total, elapsed)).RunAsync(
            "Backing up",
            () => new(
                download.Received,
                download.Total > 0 ? Math.Min(1, (double)download.Received / download.Total) : null),
            async () => manifest = await BackupReader.ReadAsync(download, create: null, cancellationToken));
        return manifest;
    }
}
