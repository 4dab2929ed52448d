namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>Finds units and currencies.</summary>
internal static class UnitReader
{
    public static void Read(Token[] tokens, List<Fact> units)
    {
        for (int i = 0; i < tokens.Length; i++)
        {
            var lexeme = tokens[i].Lexeme;
            if (lexeme.Unit > 0 && !IsCapitalM(tokens[i])
                && (lexeme.UnitCertainty == Certainty.Always || IsBehindNumber(tokens, i)))
            {
                units.Add(new Fact(lexeme.Unit, null, tokens[i].Start, tokens[i].Length));
            }
        }
    }

    /// <summary>10M are millions or megabytes, no metres.</summary>
    private static bool IsCapitalM(in Token token) => token.Text == "m" && token.Casing != Casing.Lower;

    private static bool IsBehindNumber(Token[] tokens, int i) =>
        i > 0 && tokens[i].Before <= Boundary.Space
        && (tokens[i - 1].Kind == TokenKind.Number
            || tokens[i - 1].Lexeme.NumberRole is NumberRole.Cardinal or NumberRole.Scale
            || tokens[i - 1].Text == "many");
}
