using SemCache.Core.Matching.Guards.Reading;

namespace SemCache.Core.Matching.Guards;

/// <summary>Numbers, in digits and in words: 12 is twelve is 12.0, 1,000 is 1000 is 1k, 1st is first.</summary>
internal sealed class NumberGuard : IGuard
{
    public string Name => "number";

    public GuardFinding Compare(PromptReading asked, PromptReading stored)
    {
        var difference = Difference.Of(asked.Quantities.Numbers, stored.Quantities.Numbers);
        var verdict = difference.IsBothSided ? GuardVerdict.Stop
            : difference.IsOneSided ? GuardVerdict.Stop
            : GuardVerdict.Pass;
        return difference.As(verdict, asked, stored);
    }
}
