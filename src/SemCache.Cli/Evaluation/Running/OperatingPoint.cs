using SemCache.Core;

namespace SemCache.Cli.Evaluation.Running;

/// <summary>Where a policy is run, among all the bars that its scores show.</summary>
/// <param name="Score">Lookups with this score or a higher one hit.</param>
/// <param name="Threshold">Entries below this similarity are not considered.</param>
internal readonly record struct OperatingPoint(double Score, double Threshold)
{
    /// <summary>Everything that was served at this threshold: the engine has applied its bar itself.</summary>
    public static OperatingPoint AsRun(LookupResult probe) => new(double.NegativeInfinity, probe.Threshold);

    /// <summary>The bar that the engine holds a policy's lookups to as it ships.</summary>
    /// <param name="probe">Any lookup under the policy as it ships.</param>
    public static OperatingPoint Of(LookupResult probe) => new(probe.Bar ?? probe.Threshold, probe.Threshold);
}
