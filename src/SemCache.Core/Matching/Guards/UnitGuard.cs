using SemCache.Core.Matching.Guards.Reading;

namespace SemCache.Core.Matching.Guards;

/// <summary>Units and currencies: kilometres and miles, dollars and euros, percent.</summary>
internal sealed class UnitGuard : IGuard
{
    public string Name => "unit";

    public GuardFinding Compare(PromptReading asked, PromptReading stored)
    {
        Quantities one = asked.Quantities, other = stored.Quantities;
        var difference = Difference.Of(
            Measure.Unmatched(one.Units, one.Measures, other.Measures),
            Measure.Unmatched(other.Units, other.Measures, one.Measures));
        var verdict = difference.IsBothSided ? GuardVerdict.Stop
            : difference.IsOneSided ? GuardVerdict.Suspect
            : GuardVerdict.Pass;
        return difference.As(verdict, asked, stored);
    }
}
