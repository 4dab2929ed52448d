using SemCache.Core.Matching.Guards.Reading;

namespace SemCache.Core.Matching.Guards;

/// <summary>Quantifiers, places in a row, bounds and superlatives: all, none, first, last, at least, the largest.</summary>
internal sealed class QuantifierGuard : IGuard
{
    public string Name => "quantifier";

    public GuardFinding Compare(PromptReading asked, PromptReading stored)
    {
        var difference = Difference.Of(asked.Quantifiers, stored.Quantifiers);
        var verdict = difference.IsBothSided ? GuardVerdict.Stop
            : difference.IsOneSided ? GuardVerdict.Suspect
            : GuardVerdict.Pass;
        return difference.As(verdict, asked, stored);
    }
}
