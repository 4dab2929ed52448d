using SemCache.Core.Matching.Guards.Reading;

namespace SemCache.Core.Matching.Guards;

/// <summary>Versions: 3.10 is not 3.1, and 3.0 is 3.</summary>
/// <remarks>
/// Measured with <c>semcache guards</c> on training pairs: stops 0.09 % of the different and none of the same pairs
/// of Quora; the constructed sets have no versions.
/// </remarks>
internal sealed class VersionGuard : IGuard
{
    public string Name => "version";

    public GuardFinding Compare(PromptReading asked, PromptReading stored)
    {
        var difference = Difference.Of(asked.Quantities.Versions, stored.Quantities.Versions);
        bool differ = difference.IsBothSided
            && !IsWithin(difference.OnlyAsked!.Value, difference.OnlyStored!.Value)
            && !IsWithin(difference.OnlyStored.Value, difference.OnlyAsked.Value);
        return difference.StopIf(differ, asked, stored);
    }

    /// <summary>3.10 is one of 3; but 1.0.1 is none of 1.0.0, which says as much.</summary>
    private static bool IsWithin(in Fact version, in Fact wider) =>
        version.Length > wider.Length && version.Word!.StartsWith(wider.Word + ".", StringComparison.Ordinal);
}
