namespace SemCache.Core.Matching.Guards;

/// <summary>The language that the prompt is written in, by its script and its frequent words.</summary>
internal sealed class LanguageGuard : IGuard
{
    public string Name => "language";

    public GuardFinding Compare(PromptReading asked, PromptReading stored)
    {
        var (one, other) = (asked.Manner.Language, stored.Manner.Language);
        return one is null || other is null || one == other
            ? GuardFinding.Pass
            : new GuardFinding(GuardVerdict.Stop, one, other);
    }
}
