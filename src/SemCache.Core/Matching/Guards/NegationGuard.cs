namespace SemCache.Core.Matching.Guards;

/// <summary>Negations: not, n't, no, never, without. Idioms like "or not" and "not only" are none.</summary>
internal sealed class NegationGuard : IGuard
{
    public string Name => "negation";

    public GuardFinding Compare(PromptReading asked, PromptReading stored)
    {
        var (one, other) = (asked.Manner.Negation, stored.Manner.Negation);
        if (IsNegated(asked) == IsNegated(stored))
        {
            return GuardFinding.Pass;
        }

        // Except says not, and not possible says impossible.
        bool doubtful = (one is not null && other is not null) || OppositeGuard.Find(asked, stored) is not null;
        return new GuardFinding(
            doubtful ? GuardVerdict.Suspect : GuardVerdict.Stop, asked.Quote(one), stored.Quote(other));
    }

    /// <summary>Whether the prompt is negated for certain.</summary>
    internal static bool IsNegated(PromptReading reading) => reading.Manner.Negation is { Loose: false };
}
