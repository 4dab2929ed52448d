using SemCache.Core.Matching.Guards.Reading;

namespace SemCache.Core.Matching.Guards;

/// <summary>Identifiers, paths, flags, names of programming languages like C++, single letters in upper case.</summary>
internal sealed class CodeGuard : IGuard
{
    public string Name => "code";

    public GuardFinding Compare(PromptReading asked, PromptReading stored)
    {
        var difference = Difference.Of(asked.Code, stored.Code);
        var verdict = difference.IsBothSided ? GuardVerdict.Stop
            : difference.IsOneSided ? GuardVerdict.Suspect
            : GuardVerdict.Pass;
        return difference.As(verdict, asked, stored);
    }
}
