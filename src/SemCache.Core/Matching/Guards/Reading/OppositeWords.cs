namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>One side of a pair of opposites.</summary>
/// <param name="Signed">The pair's number, negative for its second side.</param>
/// <param name="IsParticle">A word of it counts only behind a verb that takes particles.</param>
/// <param name="IsScale">The pair is the two ends of one scale: evidence, no proof.</param>
internal readonly record struct OppositeSide(int Signed, bool IsParticle, bool IsScale);

/// <summary>Reads the list of opposites and inflects its words.</summary>
internal static class OppositeWords
{
    private const string Vowels = "aeiou";

    /// <param name="lines">The lines of the list.</param>
    /// <param name="word">Finds or makes a word.</param>
    public static void AddTo(IEnumerable<string> lines, Func<string, Lexeme> word)
    {
        int pair = 0;
        foreach (string line in lines)
        {
            pair++;
            int bar = line.IndexOf('|', StringComparison.Ordinal);
            AddSide(line[0], line[2..bar], pair);
            AddSide(line[0], line[(bar + 1)..], -pair);
        }

        void AddSide(char kind, string side, int signed)
        {
            foreach (string lemma in side.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                Add(word(lemma), kind, signed);
                foreach (string form in Inflect(kind, lemma))
                {
                    Add(word(form), kind, signed);
                }
            }
        }
    }

    private static void Add(Lexeme lexeme, char kind, int signed)
    {
        var side = new OppositeSide(signed, IsParticle: kind == 'p', IsScale: kind == 's');
        if (!lexeme.Opposites.Contains(side))
        {
            lexeme.Opposites = [.. lexeme.Opposites, side];
        }
    }

    private static IEnumerable<string> Inflect(char kind, string lemma)
    {
        bool endsInE = lemma[^1] == 'e';
        bool endsInConsonantY = lemma.Length > 2 && lemma[^1] == 'y' && !Vowels.Contains(lemma[^2]);
        string stem = endsInE ? lemma[..^1]
            : endsInConsonantY ? lemma[..^1] + "i"
            : Doubles(lemma) ? lemma + lemma[^1]
            : lemma;
        switch (kind)
        {
            case 'v':
                yield return Plural(lemma, endsInConsonantY);
                yield return stem + "ed";
                yield return (endsInE ? lemma[..^1] : endsInConsonantY ? lemma : stem) + "ing";
                break;
            case 'a' or 's' when lemma.Length <= 7:
                yield return stem + "er";
                yield return stem + "est";
                yield return (endsInConsonantY ? stem : lemma) + "ly";
                break;
            case 'a' or 's':
                yield return lemma + "ly";
                break;
            case 'n':
                yield return Plural(lemma, endsInConsonantY);
                break;
        }
    }

    private static string Plural(string lemma, bool endsInConsonantY) =>
        endsInConsonantY ? lemma[..^1] + "ies"
        : lemma[^1] is 's' or 'x' or 'z' || lemma.EndsWith("sh", StringComparison.Ordinal)
            || lemma.EndsWith("ch", StringComparison.Ordinal)
            ? lemma + "es"
            : lemma + "s";

    /// <summary>Short words of consonant, vowel, consonant double their end: stopped, bigger.</summary>
    private static bool Doubles(string lemma) =>
        lemma.Length is 3 or 4
        && !Vowels.Contains(lemma[^1]) && lemma[^1] is not ('w' or 'x' or 'y')
        && Vowels.Contains(lemma[^2]) && !Vowels.Contains(lemma[^3]);
}
