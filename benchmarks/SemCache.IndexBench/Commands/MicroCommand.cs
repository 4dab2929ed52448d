using System.CommandLine;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using SemCache.IndexBench.Micro;

namespace SemCache.IndexBench.Commands;

/// <summary>`micro`: the parts of the index, one class of benchmarks a question.</summary>
internal static class MicroCommand
{
    // The process's allocations are counted, not the searches' alone. Over many searches, what else there is comes to less
    // than the smallest object for each.
    private const int ManySearches = 500;
    private const int SmallestObject = 24;

    public static Command Create()
    {
        var command = new Command("micro", "Runs the micro-benchmarks; takes BenchmarkDotNet's arguments.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction(parse =>
        {
            BenchmarkReport[] reports =
            [
                .. BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly)
                    .Run(WithDefaults(parse.UnmatchedTokens))
                    .SelectMany(summary => summary.Reports),
            ];
            string[] allocating = [.. reports.Where(IsSearchThatAllocates).Select(report => report.BenchmarkCase.DisplayInfo)];
            Array.ForEach(allocating, name => Console.Error.WriteLine($"A search must not allocate: {name}"));
            return allocating.Length > 0 || reports.Any(report => !report.Success)
                ? CommandRunner.Wrong
                : CommandRunner.Right;
        });
        return command;
    }

    // Short jobs in this process: benchmarks share the indexes that take long to build, and nothing is compiled anew.
    private static string[] WithDefaults(IReadOnlyCollection<string> given) =>
    [
        .. given.Contains("--filter") || given.Contains("-f") ? (string[])[] : ["--filter", "*"],
        .. given.Contains("--job") || given.Contains("-j") ? (string[])[] : ["--job", "Short"],
        .. given.Contains("--inProcess") || given.Contains("-i") ? (string[])[] : ["--inProcess"],
        .. given,
    ];

    private static bool IsSearchThatAllocates(BenchmarkReport report) =>
        report.Success
        && report.BenchmarkCase.Descriptor.HasCategory(MicroIndex.SearchCategory)
        && report.GcStats.TotalOperations >= ManySearches
        && report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) >= SmallestObject;
}
