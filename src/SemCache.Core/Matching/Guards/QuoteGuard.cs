using SemCache.Core.Matching.Guards.Reading;

namespace SemCache.Core.Matching.Guards;

/// <summary>What stands in quotation marks or backticks.</summary>
internal sealed class QuoteGuard : IGuard
{
    public string Name => "quote";

    public GuardFinding Compare(PromptReading asked, PromptReading stored)
    {
        var difference = Difference.Of(asked.Quotes, stored.Quotes);
        var verdict = difference.IsBothSided ? GuardVerdict.Stop
            : difference.IsOneSided ? GuardVerdict.Suspect
            : GuardVerdict.Pass;
        return difference.As(verdict, asked, stored);
    }
}
