using SemCache.Core.Matching.Guards.Reading;

namespace SemCache.Core.Matching.Guards;

/// <summary>Versions: 3.10 is not 3.1, and 3.0 is 3.</summary>
internal sealed class VersionGuard : IGuard
{
    public string Name => "version";

    public GuardFinding Compare(PromptReading asked, PromptReading stored)
    {
        var difference = Difference.Of(asked.Quantities.Versions, stored.Quantities.Versions);
        var verdict = difference.IsBothSided ? GuardVerdict.Stop
            : difference.IsOneSided ? GuardVerdict.Suspect
            : GuardVerdict.Pass;
        return difference.As(verdict, asked, stored);
    }
}
