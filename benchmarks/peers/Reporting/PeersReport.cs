using System.Runtime.InteropServices;
using SemCache.Peers.Measuring;

namespace SemCache.Peers.Reporting;

/// <summary>Everything that a run found out; what the JSON file holds.</summary>
/// <param name="Machine">What it ran on.</param>
/// <param name="Plan">How much was measured.</param>
/// <param name="Skipped">Peers that could not run, with the reason.</param>
/// <param name="Sets">The figures, one data set after the other.</param>
internal sealed record PeersReport(
    string Machine, RunPlan Plan, IReadOnlyDictionary<string, string> Skipped, IReadOnlyList<DataSetFigures> Sets)
{
    /// <summary>What the figures say of the targets, by data set.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Target>> Targets { get; } =
        Sets.ToDictionary(set => set.Name, IReadOnlyList<Target> (set) => [.. Target.Of(set)]);
}

/// <summary>The machine that a run was on.</summary>
internal static class Machine
{
    private const string CpuInfo = "/proc/cpuinfo";

    /// <summary>Processor, cores, memory and runtime, in one line.</summary>
    public static string Describe()
    {
        string processor = File.Exists(CpuInfo)
            && File.ReadLines(CpuInfo).FirstOrDefault(
                line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();
        long gibibytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30;
        return $"{processor}, {Environment.ProcessorCount} cores, {gibibytes} GiB, {RuntimeInformation.FrameworkDescription}";
    }
}
