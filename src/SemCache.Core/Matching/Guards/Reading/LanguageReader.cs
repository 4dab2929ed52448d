using System.Numerics;

namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>Tells the language of a text: by its script, and within the Latin script by its frequent words.</summary>
internal static class LanguageReader
{
    /// <summary>So much of a text tells its language.</summary>
    private const int WordsToRead = 200;

    private const int FewestWords = 2;

    /// <summary>The language's code or the script's name; null when the text does not tell.</summary>
    public static string? Read(Token[] tokens)
    {
        Span<int> scripts = stackalloc int[(int)Script.Count];
        Span<int> languages = stackalloc int[32];
        scripts.Clear();
        languages.Clear();
        for (int i = 0; i < Math.Min(tokens.Length, WordsToRead); i++)
        {
            if (tokens[i].Kind != TokenKind.Word)
            {
                continue;
            }

            scripts[(int)ScriptOf(tokens[i].Text)] += tokens[i].Text.Length;
            for (uint bits = tokens[i].Lexeme.Languages; bits != 0; bits &= bits - 1)
            {
                languages[BitOperations.TrailingZeroCount(bits)]++;
            }
        }

        scripts[(int)Script.None] = 0;
        int script = Largest(scripts);
        return scripts[script] == 0 ? null
            : script == (int)Script.Latin ? OfLatin(languages)
            : ((Script)script).ToString();
    }

    private static string? OfLatin(Span<int> languages)
    {
        int best = Largest(languages);
        int most = languages[best];
        languages[best] = 0;
        int second = languages[Largest(languages)];
        return most >= FewestWords && most > second ? Lexicon.Languages[best] : null;
    }

    private static int Largest(ReadOnlySpan<int> counts)
    {
        int best = 0;
        for (int i = 1; i < counts.Length; i++)
        {
            best = counts[i] > counts[best] ? i : best;
        }

        return best;
    }

    private enum Script
    {
        None,
        Latin,
        Greek,
        Cyrillic,
        Armenian,
        Hebrew,
        Arabic,
        Devanagari,
        Bengali,
        Tamil,
        Telugu,
        Thai,
        Georgian,
        Hangul,
        Kana,
        Han,
        Count,
    }

    /// <summary>By the first letter; kana anywhere in a word tells Japanese from Chinese.</summary>
    private static Script ScriptOf(string word)
    {
        var script = ScriptOf(word[0]);
        if (script == Script.Han)
        {
            foreach (char c in word)
            {
                if (ScriptOf(c) == Script.Kana)
                {
                    return Script.Kana;
                }
            }
        }

        return script;
    }

    private static Script ScriptOf(char c) => c switch
    {
        < '\u0041' => Script.None,
        < '\u0250' => Script.Latin,
        >= '\u0370' and < '\u0400' => Script.Greek,
        >= '\u0400' and < '\u0530' => Script.Cyrillic,
        >= '\u0530' and < '\u0590' => Script.Armenian,
        >= '\u0590' and < '\u0600' => Script.Hebrew,
        >= '\u0600' and < '\u0780' => Script.Arabic,
        >= '\u0900' and < '\u0980' => Script.Devanagari,
        >= '\u0980' and < '\u0A00' => Script.Bengali,
        >= '\u0B80' and < '\u0C00' => Script.Tamil,
        >= '\u0C00' and < '\u0C80' => Script.Telugu,
        >= '\u0E00' and < '\u0E80' => Script.Thai,
        >= '\u10A0' and < '\u1100' => Script.Georgian,
        >= '\u1100' and < '\u1200' or >= '\uAC00' and < '\uD7B0' => Script.Hangul,
        >= '\u1E00' and < '\u1F00' => Script.Latin,
        >= '\u3040' and < '\u3100' => Script.Kana,
        >= '\u3400' and < '\uA000' => Script.Han,
        _ => Script.None,
    };
}
