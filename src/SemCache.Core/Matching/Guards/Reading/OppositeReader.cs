namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>Finds the words that have an opposite.</summary>
internal static class OppositeReader
{
    /// <summary>A particle may stand so many words behind its verb: turn the kitchen lights off.</summary>
    private const int FarthestParticle = 4;

    public static Fact[] Read(Token[] tokens)
    {
        List<Fact>? facts = null;
        for (int i = 0; i < tokens.Length; i++)
        {
            foreach (var side in tokens[i].Lexeme.Opposites)
            {
                if (side.IsParticle && !IsBehindVerb(tokens, i))
                {
                    continue;
                }

                // The least expensive is the cheapest.
                int sign = i > 0 && tokens[i - 1].Text is "least" or "less" ? -1 : 1;
                bool loose = side.IsScale && !IsSuperlative(tokens, i);
                (facts ??= []).Add(new Fact(sign * side.Signed, null, tokens[i].Start, tokens[i].Length, loose));
            }
        }

        return facts is null ? [] : Fact.Distinct(facts);
    }

    /// <summary>
    /// Whether one answer serves both ends of a scale: how safe something is, but not which is the safest.
    /// </summary>
    private static bool IsSuperlative(Token[] tokens, int i) =>
        tokens[i].Text.EndsWith("est", StringComparison.Ordinal)
        || (i > 0 && tokens[i - 1].Text is "most" or "least");

    private static bool IsBehindVerb(Token[] tokens, int i)
    {
        for (int back = 1; back <= FarthestParticle && i - back >= 0; back++)
        {
            if (tokens[i - back + 1].Before == Boundary.Sentence)
            {
                return false;
            }

            if (tokens[i - back].Lexeme.TakesParticle)
            {
                return true;
            }
        }

        return false;
    }
}
