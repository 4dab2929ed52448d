namespace SemCache.Core.Matching.Guards;

/// <summary>The language that the prompt is written in, by its script and its frequent words.</summary>
/// <remarks>
/// Measured with <c>semcache guards</c> on training pairs: stops 0.02 % of the different and 0.00 % of the same pairs
/// of Quora (80 % of what it stops there is different), 0.01 % of the different and 0.00 % of the same pairs of
/// text-to-SQL.
/// </remarks>
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
