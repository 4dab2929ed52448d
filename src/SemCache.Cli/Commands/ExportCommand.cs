using System.CommandLine;
using SemCache.Cli.Options;
using SemCache.Cli.Output;
using SemCache.Cli.Transfer;
using SemCache.V1;

namespace SemCache.Cli.Commands;

/// <summary><c>semcache export</c></summary>
internal sealed class ExportCommand : CliCommand
{
    /// <summary>What the server calls the namespace that has no name.</summary>
    private const string DefaultNamespace = "default";

    private readonly Argument<string> _file = new("FILE.jsonl")
    {
        Description = "Where to write one entry per line; - writes standard output",
    };

    private readonly Option<string> _namespace = CommonOptions.Namespace("Namespace to export");
    private readonly Option<bool> _restart = new("--restart")
    {
        Description = "Overwrite FILE.jsonl instead of continuing it",
    };


    public ExportCommand(CliContext context)
        : base(
            "export",
            "Writes all live entries of a namespace to a file, in the order in which they were stored. When the file "
                + "holds an export already, the entries stored after its last one are appended.",
            context)
    {
        Add(_file);
        Add(_namespace);
        Add(_restart);
        Validators.Add(result =>
        {
            if (result.GetValue(context.Global.Json)
                && result.GetResult(_file)?.Tokens is [{ Value: CommonOptions.StandardStream }])
            {
                result.AddError("--json and an export to standard output exclude each other.");
            }
        });
    }

    public override IReadOnlyList<string> Examples =>
    [
        "semcache export backup.jsonl",
        "semcache export support.jsonl --namespace support --restart",
        "semcache export - | gzip > backup.jsonl.gz",
    ];

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        using var connection = ServerConnection.Open(parse, Context);
        var request = new ExportEntriesRequest { Namespace = parse.GetRequiredValue(_namespace) };
        var path = parse.GetRequiredValue(_file);
        var toFile = path != CommonOptions.StandardStream;
        // Before the file is opened: an unreachable server must not cost anybody the export that --restart overwrites.
        var entries = await CountAsync(connection, request.Namespace, cancellationToken);
        await using var output = toFile
            ? await OpenAsync(path, parse.GetValue(_restart), request, cancellationToken)
            : Environment.Output;

        var started = Environment.Time.GetTimestamp();
        var exporter = new Exporter(connection);
        await RunAsync(parse, exporter, request, output, entries, cancellationToken);
        var continuedAfter = request.AfterEntryId.Length > 0 ? request.AfterEntryId : null;
        var summary = ExportSummary.Create(
            exporter.Written, continuedAfter, Environment.Time.GetElapsedTime(started));
        if (WantsJson(parse))
        {
            JsonOutput.Write(Environment, summary);
        }
        else
        {
            await (toFile ? Environment.Out : Environment.Error).WriteLineAsync(summary.ToString());
        }

        return ExitCode.Ok;
    }

    private async Task RunAsync(
        ParseResult parse, Exporter exporter, ExportEntriesRequest request, Stream output, long? entries,
        CancellationToken cancellationToken)
    {
        // How many come behind the last entry of an earlier export is not known.
        var expected = request.AfterEntryId.Length == 0 ? entries : null;
        var json = WantsJson(parse);
        try
        {
            await new ProgressDisplay(Environment, json).RunAsync(
                "Exporting",
                () => new ProgressSnapshot(
                    exporter.Written, expected > 0 ? Math.Min(1, (double)exporter.Written / expected.Value) : null),
                () => exporter.RunAsync(request, output, cancellationToken));
        }
        catch (Exception) when (output is FileStream && !json)
        {
            await Environment.Error.WriteLineAsync(
                $"{exporter.Written} entries are written; run the same command again, without --restart, to continue.");
            throw;
        }

        (output as FileStream)?.Flush(flushToDisk: true);
    }

    /// <summary>Opens the file for appending and has the request begin behind what it holds.</summary>
    private static async Task<FileStream> OpenAsync(
        string path, bool restart, ExportEntriesRequest request, CancellationToken cancellationToken)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            var tail = restart ? new ExportFileTail(0, null) : await ExportFileTail.FindAsync(file, cancellationToken);
            if (tail.Last is { } last)
            {
                ThrowIfOther(path, last.Namespace, request.Namespace);
                request.AfterEntryId = last.EntryId;
            }

            file.SetLength(tail.Length);
            file.Position = tail.Length;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private static void ThrowIfOther(string path, string held, string wanted)
    {
        wanted = wanted.Length == 0 ? DefaultNamespace : wanted;
        if (held != wanted)
        {
            throw new UsageException(
                $"{path} holds entries of the namespace {held}, not {wanted}. Export with --restart to overwrite it.");
        }
    }

    private static async Task<long?> CountAsync(
        ServerConnection connection, string name, CancellationToken cancellationToken)
    {
        name = name.Length == 0 ? DefaultNamespace : name;
        var stats = await connection.Admin.GetStatsAsync(
            new GetStatsRequest { Namespace = name }, connection.Unary(cancellationToken));
        return stats.Namespaces.FirstOrDefault(figures => figures.Namespace == name)?.Entries;
    }
}
