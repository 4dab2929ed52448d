namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>
/// Finds versions: behind <c>v</c> or <c>version</c>, behind the name of a software, or of three parts.
/// </summary>
internal static class VersionReader
{
    public static void Read(Token[] tokens, bool[] claimed, List<Fact> versions)
    {
        for (int i = 0; i < tokens.Length; i++)
        {
            if (tokens[i].Kind != TokenKind.Number || !IsVersion(tokens[i].Text, out int parts))
            {
                continue;
            }

            bool follows = i > 0 && tokens[i].Before <= Boundary.Space && tokens[i - 1].Kind == TokenKind.Word
                && (tokens[i - 1].Lexeme.IsSoftware || tokens[i - 1].Text is "v" or "ver" or "version" or "release");
            if (follows || (parts >= 3 && !NumberShapes.TryDate(tokens[i].Text, out _, out _, out _)))
            {
                claimed[i] = true;
                versions.Add(Fact.Of(Normalized(tokens[i].Text), tokens[i].Start, tokens[i].Length));
            }
        }
    }

    /// <summary>Digits and points; a year is none.</summary>
    private static bool IsVersion(string text, out int parts)
    {
        parts = 1;
        foreach (char c in text)
        {
            parts += c == '.' ? 1 : 0;
            if (c != '.' && !char.IsAsciiDigit(c))
            {
                return false;
            }
        }

        return parts > 1 || text.Length < 4;
    }

    /// <summary>3.0 is 3, and 3.10 is not 3.1.</summary>
    private static string Normalized(string text)
    {
        while (text.EndsWith(".0", StringComparison.Ordinal))
        {
            text = text[..^2];
        }

        return text;
    }
}
