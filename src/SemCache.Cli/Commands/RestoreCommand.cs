using System.CommandLine;
using SemCache.Cli.Backups;
using SemCache.Cli.Output;
using SemCache.Core.Storage.Backup;

namespace SemCache.Cli.Commands;

/// <summary><c>semcache restore</c></summary>
internal sealed class RestoreCommand : CliCommand
{
    private const int BufferBytes = 1 << 17;

    private readonly Argument<string> _file = new("FILE") { Description = "A backup that semcache backup has written" };

    private readonly Option<string?> _to = new("--to")
    {
        Description = "Folder to make, or an empty one; give it to the server as SemCache:Storage:Path",
        HelpName = "FOLDER",
    };

    private readonly Option<bool> _verify = new("--verify") { Description = "Only check the backup" };

    public RestoreCommand(CliContext context)
        : base(
            "restore",
            "Makes the data folder of a server out of a backup, or only checks one. Needs no server. All of the backup is "
                + "checked before the folder can be used.",
            context)
    {
        Add(_file);
        Add(_to);
        Add(_verify);
        Validators.Add(result =>
        {
            if (result.GetResult(_to) is not null == result.GetValue(_verify))
            {
                result.AddError("Give either --to FOLDER or --verify.");
            }
        });
    }

    public override IReadOnlyList<string> Examples =>
    [
        "semcache restore semcache.tar --to /var/lib/semcache/data",
        "semcache restore semcache.tar --verify",
    ];

    public override IReadOnlyList<int> ExitCodes =>
        [ExitCode.Ok, ExitCode.Unexpected, ExitCode.Usage, ExitCode.Damaged, ExitCode.Interrupted];

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var path = parse.GetRequiredValue(_file);
        var folder = parse.GetValue(_to);
        await using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Open,
            Access = FileAccess.Read,
            BufferSize = BufferBytes,
            Options = FileOptions.SequentialScan,
        });
        var manifest = default(BackupManifest)!;
        var json = WantsJson(parse);
        await new ProgressDisplay(Environment, json, (bytes, elapsed) => Transferred.Describe(bytes, file.Length, elapsed)).RunAsync(
            folder is null ? "Checking" : "Restoring",
            () => new(file.Position, file.Length > 0 ? (double)file.Position / file.Length : null),
            // The archive's reader waits for the disk on this thread, which the display needs.
            () => Task.Run(
                async () => manifest = folder is null
                    ? await BackupReader.ReadAsync(file, create: null, cancellationToken)
                    : await BackupRestore.RunAsync(file, folder, cancellationToken),
                cancellationToken));

        var summary = BackupSummary.Of(Path.GetFullPath(folder ?? path), manifest);
        if (json)
        {
            JsonOutput.Write(Environment, summary);
        }
        else
        {
            Environment.Out.WriteLine(folder is null ? $"{path} is sound: {summary}." : $"Restored to {folder}: {summary}.");
        }

        return ExitCode.Ok;
    }
}
