namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>
/// Finds names: words that the lexicon knows as names, however they are written, and words in upper case where a prompt
/// uses upper case for names only.
/// </summary>
internal static class NameReader
{
    /// <summary>
    /// The names in order. A word that opens a sentence, or a common word in capitals, is a loose one.
    /// </summary>
    public static Fact[] Read(Token[] tokens, PromptStyle style)
    {
        List<Fact>? names = null;
        for (int i = 0; i < tokens.Length; i++)
        {
            ref readonly var token = ref tokens[i];
            if (token.Kind != TokenKind.Word)
            {
                continue;
            }

            if (token.Lexeme.Name is { } known)
            {
                if (!token.Lexeme.IsNameInUpperCaseOnly || token.Casing != Casing.Lower)
                {
                    (names ??= []).Add(Fact.Of(known, token.Start, token.Length));
                }
            }
            else if (style != PromptStyle.Caseless && token.Casing != Casing.Lower && IsCandidate(token))
            {
                bool loose = token.Lexeme.IsCommon
                    || token.Casing == Casing.Capital && token.Before == Boundary.Sentence;
                if (!loose || style == PromptStyle.Normal)
                {
                    (names ??= []).Add(Fact.Of(token.Text, token.Start, token.Length, loose));
                }
            }
        }

        return names is null ? [] : Fact.Distinct(names);
    }

    /// <summary>Longer than an initial, and neither a function word, a date, a number nor a unit.</summary>
    private static bool IsCandidate(in Token token) =>
        token.Length > 1 && token.Lexeme is { IsFunction: false, Month: 0, Weekday: 0, NumberRole: NumberRole.None }
        && (token.Lexeme.Unit == 0 || token.Lexeme.UnitCertainty == Certainty.NextToNumber)
        && !token.Text.Contains('\'');
}
