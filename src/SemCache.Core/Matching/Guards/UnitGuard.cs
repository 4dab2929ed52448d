using SemCache.Core.Matching.Guards.Reading;

namespace SemCache.Core.Matching.Guards;

/// <summary>Units and currencies: kilometres and miles, dollars and euros, percent.</summary>
/// <remarks>
/// Measured with <c>semcache guards</c> on training pairs: stops 0.4 % of the different and 0.1 % of the same pairs
/// of Quora (72 % of what it stops there is different), 4.2 % of the different and 1.7 % of the same pairs of
/// nl2bash.
/// </remarks>
internal sealed class UnitGuard : IGuard
{
    public string Name => "unit";

    public GuardFinding Compare(PromptReading asked, PromptReading stored)
    {
        Quantities one = asked.Quantities, other = stored.Quantities;
        var difference = Difference.Of(
            Measure.Unmatched(one.Units, one.Measures, other.Measures),
            Measure.Unmatched(other.Units, other.Measures, one.Measures));
        return difference.StopIf(difference.IsBothSided, asked, stored);
    }
}
