using System.CommandLine;
using SemCache.Cli.JsonLines;
using SemCache.Cli.Options;
using SemCache.Cli.Output;
using SemCache.Cli.Transfer;

namespace SemCache.Cli.Commands;

/// <summary><c>semcache import</c></summary>
internal sealed class ImportCommand : CliCommand
{
    // With the window, a quarter of the stores that a server runs by default; a namespace may have half.
    private const int DefaultStreams = 4;
    private const int DefaultWindow = 64;

    private readonly Argument<string> _file = new("FILE.jsonl")
    {
        Description = "One entry per line, as export writes it or as {\"prompt\":\"…\",\"response\":\"…\"}; "
            + "- reads standard input",
    };

    private readonly Option<string?> _namespace = new("--namespace", "-n")
    {
        Description = "Namespace for all entries [default: the one that each line names, else default]",
        HelpName = "NAME",
    };

    private readonly Option<bool> _strict = new("--strict") { Description = "Stop at the first bad line" };
    private readonly Option<bool> _restart = new("--restart")
    {
        Description = "Begin at the first line, whatever an interrupted import got done",
    };

    private readonly Option<int?> _streams = CommonOptions.Number<int>(
        "--streams", "N", $"Streams that store at once, 1 to 64 [default: {DefaultStreams}]", 1, 64);

    public ImportCommand(CliContext context)
        : base(
            "import",
            "Stores the entries of a file. An interrupted import continues where it stopped when it is run again; "
                + "FILE.jsonl.progress remembers how far it came and is deleted at the end. Entries that have expired are "
                + "left out.",
            context)
    {
        Add(_file);
        Add(_namespace);
        Add(_strict);
        Add(_restart);
        Add(_streams);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "semcache import entries.jsonl",
        "semcache import support.jsonl --namespace support-staging --strict",
        "semcache export - --server http://old:5080 | semcache import - --server http://new:5080",
    ];

    public override IReadOnlyList<int> ExitCodes =>
        [.. ExitCode.OfServerCommands.Append(ExitCode.PartlyFailed).Order()];

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        using var connection = ServerConnection.Open(parse, Context);
        var file = parse.GetRequiredValue(_file);
        var settings = new ImportSettings(
            parse.GetValue(_namespace), parse.GetValue(_strict),
            parse.GetValue(_streams) ?? DefaultStreams, DefaultWindow);
        var standardInput = file == CommonOptions.StandardStream;
        await using var input = standardInput ? Environment.Input : InputFile.Open(file);
        var progress = standardInput
            ? null : new ImportProgressFile(file, connection.Server, settings.NamespaceOverride, Environment.Time);
        var alreadyDone = parse.GetValue(_restart) ? 0 : progress?.Load() ?? 0;

        var json = WantsJson(parse);
        var warnings = new ImportWarnings(Environment, json);
        var ledger = new ImportLedger(alreadyDone);
        var importer = new Importer(connection, settings, ledger, Environment.Time, warnings.Add);
        var started = Environment.Time.GetTimestamp();
        await RunAsync(importer, input, ledger, progress, json, cancellationToken);

        var summary = ImportSummary.Create(
            ledger.Figures, alreadyDone, Environment.Time.GetElapsedTime(started), warnings.Collected);
        Write(summary, json);
        return summary.Bad > 0 ? ExitCode.PartlyFailed : ExitCode.Ok;
    }

    private async Task RunAsync(
        Importer importer, Stream input, ImportLedger ledger, ImportProgressFile? progress, bool json,
        CancellationToken cancellationToken)
    {
        long? size = input.CanSeek ? input.Length : null;
        var offset = 0L;
        var work = () => importer.RunAsync(
            input,
            line =>
            {
                Volatile.Write(ref offset, line.EndOffset);
                progress?.SaveIfDue(ledger.SettledThrough);
            },
            cancellationToken);
        try
        {
            await new ProgressDisplay(Environment, json).RunAsync(
                "Importing",
                () => new ProgressSnapshot(
                    ledger.Figures.Stored, size > 0 ? (double)Volatile.Read(ref offset) / size : null),
                work);
        }
        catch (Exception) when (progress is not null && ledger.SettledThrough > 0)
        {
            progress.Save(ledger.SettledThrough);
            if (!json)
            {
                await Environment.Error.WriteLineAsync(
                    $"All through line {ledger.SettledThrough} is done; run the same command again to continue.");
            }

            throw;
        }

        progress?.Delete();
    }

    private void Write(ImportSummary summary, bool json)
    {
        if (json)
        {
            JsonOutput.Write(Environment, summary);
        }
        else
        {
            Environment.Out.WriteLine(summary);
        }
    }
}
