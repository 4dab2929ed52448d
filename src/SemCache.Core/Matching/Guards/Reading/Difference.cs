namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>
/// What of one kind only one of two prompts says: for each the first such fact, certain ones before loose ones.
/// </summary>
internal readonly record struct Difference(Fact? OnlyAsked, Fact? OnlyStored)
{
    /// <summary>Both prompts say something for certain that the other does not.</summary>
    public bool IsBothSided => OnlyAsked is { Loose: false } && OnlyStored is { Loose: false };

    /// <summary>Only one prompt says something for certain that the other does not.</summary>
    public bool IsOneSided => !IsBothSided && (OnlyAsked is { Loose: false } || OnlyStored is { Loose: false });

    /// <summary>Both sides differ, one or both of them loosely.</summary>
    public bool IsLooselyBothSided => !IsBothSided && OnlyAsked is not null && OnlyStored is not null;

    /// <param name="asked">Distinct facts in order, see <see cref="Fact.Distinct"/>.</param>
    /// <param name="stored">Likewise.</param>
    public static Difference Of(ReadOnlySpan<Fact> asked, ReadOnlySpan<Fact> stored)
    {
        Fact? onlyAsked = null, onlyStored = null;
        int i = 0, j = 0;
        while (i < asked.Length || j < stored.Length)
        {
            int order = i == asked.Length ? 1 : j == stored.Length ? -1 : Compare(asked[i], stored[j]);
            if (order < 0)
            {
                Keep(ref onlyAsked, asked[i]);
            }
            else if (order > 0)
            {
                Keep(ref onlyStored, stored[j]);
            }

            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        return new Difference(onlyAsked, onlyStored);
    }

    /// <summary>
    /// <see cref="GuardVerdict.Stop"/> where the two sides exclude each other; otherwise
    /// <see cref="GuardVerdict.Suspect"/> where any side says something for certain.
    /// </summary>
    public GuardFinding StopIf(bool exclude, PromptReading asked, PromptReading stored) => As(
        exclude ? GuardVerdict.Stop
        : IsBothSided || IsOneSided ? GuardVerdict.Suspect
        : GuardVerdict.Pass,
        asked,
        stored);

    /// <summary>The finding with the words of both prompts; <see cref="GuardVerdict.Pass"/> has none.</summary>
    public GuardFinding As(GuardVerdict verdict, PromptReading asked, PromptReading stored) =>
        verdict == GuardVerdict.Pass
            ? GuardFinding.Pass
            : new(verdict, asked.Quote(OnlyAsked), stored.Quote(OnlyStored));

    private static int Compare(in Fact a, in Fact b) => a.Says(b) ? 0 : a.CompareTo(b);

    /// <summary>Certain before loose, then by place: what a reader of the finding expects to see.</summary>
    private static void Keep(ref Fact? kept, in Fact fact)
    {
        if (kept is not { } other || (other.Loose && !fact.Loose)
            || (other.Loose == fact.Loose && fact.Start < other.Start))
        {
            kept = fact;
        }
    }
}
