using SemCache.Core.Storage;
using SemCache.Core.Storage.Checking;
using Spectre.Console;

namespace SemCache.Cli.Output;

/// <summary>Shows what a check of a data folder found: a line a finding as it comes, then figures.</summary>
internal static class FsckView
{
    public static void WriteUnless(bool silent, CliEnvironment environment, Finding finding)
    {
        if (!silent)
        {
            var where = finding.Address is { } address ? $"{finding.File} address {address}" : finding.File;
            var size = finding.Bytes is { } bytes ? $", {bytes} bytes" : "";
            var kind = finding.Kind == FindingKind.Problem ? "problem" : "note";
            environment.Out.WriteLine($"{kind} {where}{size}: {ServerText.Visible(finding.Text)}");
        }
    }

    public static void Write(CliEnvironment environment, CheckReport found)
    {
        if (found.Segments.Count > 0)
        {
            WriteTables(environment.Console, found);
        }

        var what = $"{Humanized.Count(found.Entries, "entry", "entries")} in "
            + $"{Humanized.Count(found.Records, "record", "records")}, log from {found.BeginAddress} to {found.TailAddress}, "
            + Humanized.Count(found.Graphs, "sound graph", "sound graphs");
        if (found.Problems == 0)
        {
            environment.Console.MarkupLineInterpolated($"[green]sound[/]  {what}");
        }
        else
        {
            environment.Console.MarkupLineInterpolated(
                $"[red]damaged[/]  {Humanized.Count(found.Problems, "problem", "problems")}; {what}");
        }
    }

    /// <summary>What has become of a repair; null when the log could not be read at all.</summary>
    public static void WriteRepaired(CliEnvironment environment, string target, CheckReport? repaired)
    {
        if (repaired is null)
        {
            environment.Console.MarkupLineInterpolated(
                $"[red]not repaired[/]  the log cannot be read without its {LogManifest.FileName}: nothing was written to {target}");
        }
        else
        {
            environment.Console.MarkupLineInterpolated(
                $"[green]repaired[/]  {Humanized.Count(repaired.Entries, "entry", "entries")} are in {repaired.Folder}, which is sound");
        }
    }

    private static void WriteTables(IAnsiConsole console, CheckReport found)
    {
        var segments = Figures("segment", "size", "live", "dead");
        foreach (var segment in found.Segments)
        {
            segments.AddRow(Cells(
                segment.File,
                Humanized.Bytes(segment.Bytes),
                Humanized.Bytes(segment.LiveBytes),
                Humanized.Bytes(segment.DeadBytes)));
        }

        console.Write(segments);
        var namespaces = Figures("namespace", "partitions", "entries");
        foreach (var ns in found.Namespaces)
        {
            namespaces.AddRow(Cells(ns.Namespace, Humanized.Count(ns.Partitions), Humanized.Count(ns.Entries)));
        }

        console.Write(namespaces);
        var embedders = Figures("embedder", "dimension", "entries");
        foreach (var embedder in found.Embedders)
        {
            embedders.AddRow(Cells(
                embedder.Fingerprint, Humanized.Count(embedder.Dimension), Humanized.Count(embedder.Entries)));
        }

        console.Write(embedders);
    }

    private static Table Figures(string first, params string[] others)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(first);
        table.AddColumns([.. others.Select(name => new TableColumn(name).RightAligned())]);
        return table;
    }

    private static Text[] Cells(params string[] row) => [.. row.Select(cell => new Text(cell))];
}
