namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>Finds code and links among the tokens.</summary>
internal static class CodeReader
{
    /// <summary>
    /// Identifiers, paths, flags, names of languages, and single letters in upper case (C, vitamin D).
    /// </summary>
    public static Fact[] ReadCode(Token[] tokens)
    {
        List<Fact>? facts = null;
        for (int i = 0; i < tokens.Length; i++)
        {
            ref readonly var token = ref tokens[i];
            if (token.Kind == TokenKind.Code)
            {
                (facts ??= []).Add(Fact.Of(Normalized(token.Text), token.Start, token.Length));
            }
            else if (IsLetter(tokens, i))
            {
                (facts ??= []).Add(Fact.Of(token.Text, token.Start, token.Length));
            }
        }

        return facts is null ? [] : Fact.Distinct(facts);
    }

    public static Fact[] ReadLinks(Token[] tokens)
    {
        List<Fact>? facts = null;
        foreach (ref readonly var token in tokens.AsSpan())
        {
            if (token.Kind == TokenKind.Link)
            {
                (facts ??= []).Add(Fact.Of(Address(token.Text), token.Start, token.Length));
            }
        }

        return facts is null ? [] : Fact.Distinct(facts);
    }

    /// <summary>
    /// Without the brackets of a call, the star of *.txt and a last slash. C++ and c++ are one, identifiers keep their
    /// case.
    /// </summary>
    private static string Normalized(string code)
    {
        string name = code.EndsWith("()", StringComparison.Ordinal) ? code[..^2] : code;
        name = name.TrimStart('*') is { Length: > 1 } pattern ? pattern : name;
        name = name.TrimEnd('/') is { Length: > 0 } path ? path : name;
        return name.Length <= 3 || name.EndsWith(".net", StringComparison.OrdinalIgnoreCase)
            ? name.ToLowerInvariant()
            : name;
    }

    /// <summary>Without scheme, <c>www.</c> and a trailing slash; the host in lower case, the path as it is.</summary>
    private static string Address(string link)
    {
        int scheme = link.IndexOf("://", StringComparison.Ordinal);
        string address = scheme < 0 ? link : link[(scheme + 3)..];
        address = address.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? address[4..] : address;
        int slash = address.IndexOf('/', StringComparison.Ordinal);
        address = slash < 0 ? address.ToLowerInvariant() : address[..slash].ToLowerInvariant() + address[slash..];
        return address.TrimEnd('/');
    }

    /// <summary>An article has a noun behind it, which the A of hepatitis A, or of A to B, has not.</summary>
    private static bool StandsForItself(Token[] tokens, int i) =>
        i + 1 == tokens.Length || tokens[i + 1].Before == Boundary.Sentence
        || tokens[i + 1].Text is "and" or "or" or "to" or "with" or "is" or "in" or "from" or "vs"
        || tokens[i - 1].Text is "hepatitis" or "vitamin" or "influenza" or "type" or "plan" or "option" or "grade" or "group";

    private static bool IsLetter(Token[] tokens, int i) =>
        tokens[i] is { Kind: TokenKind.Word, Length: 1, Casing: Casing.Capital, Before: Boundary.Space }
        && tokens[i].Text is not ("i" or "x" or "s" or "u" or "o" or "k")
        && (tokens[i].Text != "a" || StandsForItself(tokens, i))
        && (i + 1 == tokens.Length || tokens[i + 1].Before != Boundary.None);
}
