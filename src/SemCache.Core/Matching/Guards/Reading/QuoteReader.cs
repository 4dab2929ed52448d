using System.Buffers;

namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>Finds what stands in quotation marks or backticks.</summary>
internal static class QuoteReader
{
    /// <summary>What is longer is a passage, not a term.</summary>
    private const int LongestQuote = 200;

    private static readonly SearchValues<char> _marks = SearchValues.Create("\"'`“‘«„");

    public static Fact[] Read(string text)
    {
        List<Fact>? quotes = null;
        int at = 0;
        while (at < text.Length)
        {
            int offset = text.AsSpan(at).IndexOfAny(_marks);
            if (offset < 0)
            {
                break;
            }

            int open = at + offset;
            int close = IsRepeated(text, open) || (open == 0 && IsWrapped(text)) ? -1 : CloseOf(text, open);
            if (close < 0)
            {
                at = open + 1;
                continue;
            }

            var inside = text.AsSpan(open + 1, close - open - 1).Trim().TrimEnd(".,?!").Trim('`');
            if (inside.Length > 0)
            {
                int start = open + 1 + text.AsSpan(open + 1).IndexOf(inside, StringComparison.Ordinal);
                (quotes ??= []).Add(Fact.Of(inside.ToString().ToLowerInvariant(), start, inside.Length));
            }

            at = close + (IsRepeated(text, close) ? 2 : 1);
        }

        return quotes is null ? [] : Fact.Distinct(quotes);
    }

    /// <summary>Marks around the whole text quote nothing; tables write it so, and double the marks inside.</summary>
    private static bool IsWrapped(string text) =>
        text[0] == '"' && text[^1] == '"'
        && (text.Contains("\"\"", StringComparison.Ordinal) || text.AsSpan(1).IndexOf('"') == text.Length - 2);

    /// <summary>The first of doubled marks: the second one opens, and closes nothing.</summary>
    private static bool IsRepeated(string text, int open) => open + 1 < text.Length && text[open + 1] == text[open];

    private static int CloseOf(string text, int open)
    {
        var rest = text.AsSpan(open + 1, Math.Min(LongestQuote, text.Length - open - 1));
        switch (text[open])
        {
            case '"':
                return Found(open, rest.IndexOfAny('"', '”'));
            case '“' or '„':
                return Found(open, rest.IndexOfAny('”', '“', '"'));
            case '«':
                return Found(open, rest.IndexOf('»'));
            case '`':
                return Found(open, rest.IndexOfAny('`', '\''));
            default:
                return IsOpening(text, open) ? ClosingApostrophe(text, open, rest) : -1;
        }
    }

    /// <summary>An apostrophe opens a quotation only where no letter stands before it and no space behind.</summary>
    private static bool IsOpening(string text, int open) =>
        (open == 0 || !char.IsLetterOrDigit(text[open - 1])) && open + 1 < text.Length
            && !char.IsWhiteSpace(text[open + 1]);

    private static int ClosingApostrophe(string text, int open, ReadOnlySpan<char> rest)
    {
        for (int i = 1; i < rest.Length; i++)
        {
            int at = open + 1 + i;
            if (rest[i] is '\'' or '’' && !char.IsWhiteSpace(rest[i - 1])
                && (at + 1 == text.Length || !char.IsLetterOrDigit(text[at + 1])))
            {
                return at;
            }
        }

        return -1;
    }

    private static int Found(int open, int offset) => offset < 0 ? -1 : open + 1 + offset;
}
