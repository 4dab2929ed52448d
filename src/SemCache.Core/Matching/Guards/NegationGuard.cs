namespace SemCache.Core.Matching.Guards;

/// <summary>Negations: not, n't, no, never, without. Idioms like "or not" and "not only" are none.</summary>
internal sealed class NegationGuard : IGuard
{
    public string Name => "negation";

    public GuardFinding Compare(PromptReading asked, PromptReading stored)
    {
        var (one, other) = (asked.Manner.Negation, stored.Manner.Negation);
        return one is null == other is null
            ? GuardFinding.Pass
            : new GuardFinding(
                OppositeGuard.Find(asked, stored) is null ? GuardVerdict.Stop : GuardVerdict.Suspect,
                asked.Quote(one), stored.Quote(other));
    }
}
