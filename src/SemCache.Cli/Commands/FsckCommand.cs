using System.CommandLine;
using SemCache.Cli.Output;
using SemCache.Core.Storage.Checking;

namespace SemCache.Cli.Commands;

/// <summary><c>semcache fsck</c></summary>
internal sealed class FsckCommand : CliCommand
{
    private readonly Argument<string> _folder = new("FOLDER") { Description = "Data folder of a server that does not run" };

    private readonly Option<string?> _repair = new("--repair")
    {
        Description = "Write a new log into this folder, which is empty or made, with every entry that is live and sound",
        HelpName = "NEWFOLDER",
    };

    public FsckCommand(CliContext context)
        : base(
            "fsck",
            "Reads the whole data folder and reports everything that is not as a server would have written it, with its log "
                + "address. Never writes into it. The exit code says what FOLDER is like, also with --repair.",
            context)
    {
        Add(_folder);
        Add(_repair);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "semcache fsck /var/lib/semcache/data",
        "semcache fsck data --json | jq '.found.findings[]'",
        "semcache fsck data --repair data-repaired",
    ];

    public override IReadOnlyList<int> ExitCodes =>
        [ExitCode.Ok, ExitCode.Unexpected, ExitCode.Usage, ExitCode.Damaged, ExitCode.Interrupted];

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var json = WantsJson(parse);
        var folder = parse.GetRequiredValue(_folder);
        var target = parse.GetValue(_repair);
        if (target is not null)
        {
            LogRepair.RequireOutside(folder, target);
        }

        using var check = LogCheck.Open(
            folder, finding => FsckView.WriteUnless(json, Environment, finding));
        var found = await CheckAsync(check, json, cancellationToken);
        CheckReport? repaired = null;
        if (target is not null && check.Log is { } log)
        {
            repaired = await RepairAsync(new LogRepair(log, check.Findings), target, found.Entries, json, cancellationToken);
            found = found with { Problems = check.Findings.Problems };
        }

        if (json)
        {
            JsonOutput.Write(Environment, new { found, repaired, notRepaired = target is not null && repaired is null });
        }
        else
        {
            FsckView.Write(Environment, found);
            if (target is not null)
            {
                FsckView.WriteRepaired(Environment, target, repaired);
            }
        }

        return found.Problems == 0 ? ExitCode.Ok : ExitCode.Damaged;
    }

    private async Task<CheckReport> CheckAsync(LogCheck check, bool json, CancellationToken cancellationToken)
    {
        var report = default(CheckReport)!;
        (long done, long total) = (0, 0);
        await new ProgressDisplay(
            Environment, json, (bytes, elapsed) => Transferred.Describe(bytes, Volatile.Read(ref total), elapsed)).RunAsync(
                "Checking",
                () => new(
                    Volatile.Read(ref done), Volatile.Read(ref total) is > 0 and var all ? (double)Volatile.Read(ref done) / all : null),
                () => Task.Run(
                    () => report = check.Run(
                        Environment.Time.GetUtcNow(),
                        (read, all) =>
                        {
                            Volatile.Write(ref total, all);
                            Volatile.Write(ref done, read);
                        },
                        cancellationToken),
                    cancellationToken));
        return report;
    }

    private async Task<CheckReport> RepairAsync(
        LogRepair repair, string target, long entries, bool json, CancellationToken cancellationToken)
    {
        var report = default(CheckReport)!;
        await new ProgressDisplay(Environment, json).RunAsync(
            "Repairing",
            () => new(repair.Saved, entries > 0 ? (double)repair.Saved / entries : null),
            () => Task.Run(async () => report = await repair.RunAsync(target, cancellationToken), cancellationToken));
        return report;
    }
}
