namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>What upper case says in a prompt.</summary>
internal enum PromptStyle : byte
{
    /// <summary>Nothing: there is none, or everything is in upper case.</summary>
    Caseless,

    /// <summary>Names have it, other words do not.</summary>
    Normal,

    /// <summary>All words of content have it, as in a headline.</summary>
    Headline,
}

/// <summary>Tells how a prompt uses upper case.</summary>
internal static class PromptStyles
{
    /// <summary>A prompt's style shows in its first words.</summary>
    private const int WordsToRead = 200;

    public static PromptStyle Of(Token[] tokens)
    {
        int lower = 0, capital = 0, upper = 0, commonCapital = 0, commonLower = 0;
        for (int i = 0; i < Math.Min(tokens.Length, WordsToRead); i++)
        {
            ref readonly var token = ref tokens[i];
            if (token.Kind != TokenKind.Word || token.Length < 2 || token.Before == Boundary.Sentence)
            {
                continue;
            }

            bool content = token.Lexeme is { IsCommon: true, IsFunction: false };
            switch (token.Casing)
            {
                case Casing.Lower:
                    lower++;
                    commonLower += content ? 1 : 0;
                    break;
                case Casing.Upper:
                    upper++;
                    break;
                default:
                    capital++;
                    commonCapital += content ? 1 : 0;
                    break;
            }
        }

        return capital == 0 && (upper == 0 || upper > lower) ? PromptStyle.Caseless
            : commonCapital >= 2 && commonCapital > commonLower ? PromptStyle.Headline
            : lower == 0 && capital > 3 ? PromptStyle.Headline
            : PromptStyle.Normal;
    }
}
