namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>Something that a prompt says of one kind: a number, a unit, a name.</summary>
/// <param name="Key">Equal facts have equal keys.</param>
/// <param name="Word">Tells facts of equal key apart where the key is a hash; else null.</param>
/// <param name="Start">Where it stands in the prompt.</param>
/// <param name="Length">How long it is there.</param>
/// <param name="Loose">It may be something else: it meets an equal fact, but its lack proves nothing.</param>
internal readonly record struct Fact(long Key, string? Word, int Start, int Length, bool Loose = false)
    : IComparable<Fact>
{
    /// <summary>A fact that is told by a word.</summary>
    public static Fact Of(string word, int start, int length, bool loose = false) =>
        new(Hash(word), word, start, length, loose);

    public int CompareTo(Fact other)
    {
        int byKey = Key.CompareTo(other.Key);
        int byWord = byKey != 0 ? byKey : string.CompareOrdinal(Word, other.Word);
        return byWord != 0 ? byWord : Loose.CompareTo(other.Loose);
    }

    public bool Says(in Fact other) => Key == other.Key && string.Equals(Word, other.Word, StringComparison.Ordinal);

    /// <summary>Sorts facts and drops repetitions.</summary>
    public static Fact[] Distinct(List<Fact> facts)
    {
        if (facts.Count == 0)
        {
            return [];
        }

        facts.Sort();
        int kept = 1;
        for (int i = 1; i < facts.Count; i++)
        {
            if (!facts[i].Says(facts[kept - 1]))
            {
                facts[kept++] = facts[i];
            }
        }

        facts.RemoveRange(kept, facts.Count - kept);
        return [.. facts];
    }

    /// <summary>FNV-1a, 64 bits: the same in every process.</summary>
    private static long Hash(string word)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in word)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        return (long)hash;
    }
}
