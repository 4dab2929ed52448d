using System.CommandLine;
using SemCache.IndexBench.Partitions;
using SemCache.LoadTest.Reporting;

namespace SemCache.IndexBench.Commands;

/// <summary>`partitions`: the memory of many tiny partitions next to that of a large one with the same entries.</summary>
internal static class PartitionsCommand
{
    /// <summary>The command that a process to measure in is started with.</summary>
    public const string ChildName = "measure-layout";

    // What a server may hold by default.
    private const int MostPartitions = 1_000_000;

    private static readonly Option<int> _partitions =
        BenchOptions.Number("--partitions", 100_000, 1, MostPartitions, "Partitions.");

    private static readonly Option<int> _entries =
        BenchOptions.Number("--entries", 10, 1, 1_000, "Entries of each partition.");

    private static readonly Option<int> _dimension = CommonOptions.Dimension();

    public static Command Create()
    {
        Option<FileInfo> json = BenchOptions.Json();
        var command = new Command("partitions", "Compares the memory of many tiny partitions with that of a large one.")
        {
            _partitions, _entries, _dimension, json,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            PartitionPlan plan = PlanIn(parse);
            var figures = new PartitionFigures(
                plan,
                await MeasureAsync(plan, Layout.Many, cancellation),
                await MeasureAsync(plan, Layout.OneFlat, cancellation),
                await MeasureAsync(plan, Layout.OneGraph, cancellation));
            PartitionTables.Print(figures);
            await Report.WriteJsonAsync(parse.GetValue(json), figures);
            return CommandRunner.Right;
        });
        return command;
    }

    public static Command CreateChild()
    {
        var layout = new Option<Layout>("--layout") { Required = true };
        var command = new Command(ChildName) { _partitions, _entries, _dimension, layout };
        command.Hidden = true;
        command.SetAction(async (parse, cancellation) =>
        {
            LayoutProcess.Write(await LayoutMemory.MeasureAsync(PlanIn(parse), parse.GetValue(layout), cancellation));
            return CommandRunner.Right;
        });
        return command;
    }

    private static Task<MemoryFigures> MeasureAsync(PartitionPlan plan, Layout layout, CancellationToken cancellation)
    {
        Report.Progress($"Measuring {layout}");
        return LayoutProcess.RunAsync(plan, layout, cancellation);
    }

    private static PartitionPlan PlanIn(ParseResult parse) =>
        new(parse.GetValue(_partitions), parse.GetValue(_entries), parse.GetValue(_dimension));
}
