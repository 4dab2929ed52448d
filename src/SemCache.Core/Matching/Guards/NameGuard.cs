using SemCache.Core.Matching.Guards.Reading;

namespace SemCache.Core.Matching.Guards;

/// <summary>Names of people, places, products, languages, and other words that are written in upper case.</summary>
internal sealed class NameGuard : IGuard
{
    public string Name => "name";

    public GuardFinding Compare(PromptReading asked, PromptReading stored)
    {
        if (asked.Names.Length == 0 && stored.Names.Length == 0)
        {
            return GuardFinding.Pass;
        }

        var difference = new Difference(
            NameMatch.FirstUnmatched(asked, stored), NameMatch.FirstUnmatched(stored, asked));
        var verdict = difference.IsBothSided ? GuardVerdict.Stop
            : difference.IsOneSided ? GuardVerdict.Suspect
            : GuardVerdict.Pass;
        return difference.As(verdict, asked, stored);
    }
}
