using System.Buffers;
using System.Globalization;
using System.Text;

namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>Cuts a prompt into words, numbers, signs, code and links, in one pass.</summary>
internal ref struct Tokenizer(string text)
{
    /// <summary>Longer runs of letters are no words that a lexicon has.</summary>
    private const int LongestKnownWord = 40;

    private static readonly SearchValues<char> _opening = SearchValues.Create("\"'`([{<“”‘’«»„¿¡,;");
    private static readonly SearchValues<char> _closing = SearchValues.Create("\"'`)]}>.,;:?!“”‘’«»…");

    private readonly List<Token> _tokens = new(Math.Min(text.Length / 5 + 4, 1024));
    private Boundary _before = Boundary.Sentence;

    public static Token[] Read(string text) => new Tokenizer(text).Read();

    private Token[] Read()
    {
        int at = 0;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                Bound(text[at] == '\n' ? Boundary.Sentence : Boundary.Space);
                at++;
                continue;
            }

            int end = at + 1;
            while (end < text.Length && !char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            ReadChunk(at, end);
            at = end;
        }

        return [.. _tokens];
    }

    private void ReadChunk(int start, int end)
    {
        int first = start, last = end;
        while (first < last && _opening.Contains(text[first]))
        {
            first++;
        }

        while (last > first && _closing.Contains(text[last - 1]))
        {
            last--;
        }

        if (last < end && text[last] == ')' && last > first && text[last - 1] == '(')
        {
            last++;
        }

        var chunk = text.AsSpan(first, last - first);
        var kind = CodeShapes.Classify(chunk);
        if (kind == TokenKind.Word || (kind == TokenKind.Code && IsKnownWord(chunk)))
        {
            ReadPieces(start, end);
            return;
        }

        ReadPieces(start, first);
        Add(new Token(kind, chunk.ToString(), Lexeme.Unknown, first, chunk.Length, Casing.Lower, _before));
        ReadPieces(last, end);
    }

    /// <summary>Names that are written like code: macOS.</summary>
    private static bool IsKnownWord(ReadOnlySpan<char> chunk)
    {
        if (chunk.Length > LongestKnownWord)
        {
            return false;
        }

        Span<char> lower = stackalloc char[LongestKnownWord];
        chunk.ToLowerInvariant(lower);
        return Lexicon.TryFind(lower[..chunk.Length], out _);
    }

    private void ReadPieces(int at, int end)
    {
        while (at < end)
        {
            char c = text[at];
            if (char.IsLetter(c) || IsPartOfWord(c))
            {
                at = ReadWord(at, end);
            }
            else if (char.IsDigit(c))
            {
                at = ReadNumber(at, end);
            }
            else
            {
                at += ReadSign(at, end);
            }
        }
    }

    private int ReadWord(int start, int end)
    {
        int at = start + 1;
        while (at < end && (char.IsLetter(text[at]) || IsPartOfWord(text[at])
            || (IsApostrophe(text[at]) && at + 1 < end && char.IsLetter(text[at + 1]))))
        {
            at++;
        }

        var written = text.AsSpan(start, at - start);
        int length = WithoutClitic(written);
        if (at < end && IsApostrophe(text[at]) && text[at - 1] == 's')
        {
            // The possessive of a plural.
            at++;
        }

        AddWord(start, length);
        return at;
    }

    /// <summary>
    /// The word's length without 's, 're, 'll, 've, 'd, 'm: what is left is the word that others write alone.
    /// </summary>
    private static int WithoutClitic(ReadOnlySpan<char> word)
    {
        int apostrophe = word.LastIndexOfAny('\'', '’');
        if (apostrophe <= 0)
        {
            return word.Length;
        }

        var tail = word[(apostrophe + 1)..];
        bool clitic = tail.Length == 1
            ? char.ToLowerInvariant(tail[0]) is 's' or 'd' or 'm'
            : tail.Length == 2 && (tail.Equals("re", StringComparison.OrdinalIgnoreCase)
                || tail.Equals("ll", StringComparison.OrdinalIgnoreCase)
                || tail.Equals("ve", StringComparison.OrdinalIgnoreCase));
        return clitic ? apostrophe : word.Length;
    }

    private void AddWord(int start, int length)
    {
        var written = text.AsSpan(start, length);
        var casing = CasingOf(written);
        if (length > LongestKnownWord)
        {
            Add(new Token(
                TokenKind.Word, written.ToString().ToLowerInvariant(), Lexeme.Unknown, start, length, casing, _before));
            return;
        }

        Span<char> lower = stackalloc char[LongestKnownWord];
        written.ToLowerInvariant(lower);
        lower = lower[..length];
        lower.Replace('’', '\'');
        bool known = Lexicon.TryFind(lower, out var lexeme);
        Add(new Token(TokenKind.Word, known ? lexeme.Text : lower.ToString(), lexeme, start, length, casing, _before));
    }

    private int ReadNumber(int start, int end)
    {
        int at = start + 1;
        while (at < end && (char.IsDigit(text[at])
            || (text[at] is '.' or ',' or ':' or '/' or '-' && at + 1 < end && char.IsDigit(text[at + 1]))))
        {
            at++;
        }

        Add(new Token(
            TokenKind.Number, InAsciiDigits(text[start..at]), Lexeme.Unknown, start, at - start, Casing.Lower, _before));
        return at;
    }

    /// <summary>Numbers in Arabic, Devanagari, full-width and other digits, in those that guards compute with.</summary>
    private static string InAsciiDigits(string number) => Ascii.IsValid(number)
        ? number
        : string.Create(number.Length, number, static (ascii, number) =>
        {
            for (int i = 0; i < ascii.Length; i++)
            {
                ascii[i] = char.IsDigit(number[i]) ? (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(number[i])) : number[i];
            }
        });

    /// <summary>Returns how many characters the sign has.</summary>
    private int ReadSign(int at, int end)
    {
        char c = text[at];
        if (c == '°' && at + 1 < end && TryDegrees(at))
        {
            return 2;
        }

        var sign = text.AsSpan(at, 1);
        if (!char.IsAscii(c) || c is '$' or '%')
        {
            if (Lexicon.TryFind(sign, out var lexeme))
            {
                Add(new Token(TokenKind.Sign, lexeme.Text, lexeme, at, 1, Casing.Lower, _before));
                return 1;
            }
        }

        if (OperatorSigns.Read(text, at, out int length) is { } sense)
        {
            Lexicon.TryFind(sense, out var lexeme);
            Add(new Token(TokenKind.Sign, sense, lexeme, at, length, Casing.Lower, _before));
            Bound(Boundary.Phrase);
            return Math.Min(length, end - at);
        }

        switch (c)
        {
            case '→' or '⇒':
            case '>' when at > 0 && text[at - 1] is '-' or '=':
                Add(new Token(TokenKind.Sign, "→", Lexeme.Unknown, at, 1, Casing.Lower, Boundary.Space));
                break;
            case '-' or '−' when (at == 0 || char.IsWhiteSpace(text[at - 1])) && at + 1 < end
                && char.IsDigit(text[at + 1]):
                Add(new Token(TokenKind.Sign, "-", Lexeme.Unknown, at, 1, Casing.Lower, _before));
                break;
            case '.' or '?' or '!' or '。' or '？' or '！' when at + 1 == end || !char.IsLetterOrDigit(text[at + 1]):
                Bound(Boundary.Sentence);
                break;
            case '-' or '/' or '\'' or '’' or '.' or '_':
                Bound(Boundary.Space);
                break;
            case ':':
                Bound(Boundary.Sentence);
                break;
            default:
                Bound(Boundary.Phrase);
                break;
        }

        return 1;
    }

    /// <summary>°C and °F.</summary>
    private bool TryDegrees(int at)
    {
        Span<char> sign = ['°', char.ToLowerInvariant(text[at + 1])];
        bool known = Lexicon.TryFind(sign, out var lexeme);
        if (known)
        {
            Add(new Token(TokenKind.Sign, lexeme.Text, lexeme, at, 2, Casing.Lower, _before));
        }

        return known;
    }

    private void Bound(Boundary boundary) => _before = (Boundary)Math.Max((byte)_before, (byte)boundary);

    private void Add(in Token token)
    {
        _tokens.Add(token);
        _before = Boundary.None;
    }

    private static Casing CasingOf(ReadOnlySpan<char> word)
    {
        int upper = 0, letters = 0;
        foreach (char c in word)
        {
            upper += char.IsUpper(c) ? 1 : 0;
            letters += char.IsLetter(c) ? 1 : 0;
        }

        return upper == 0 ? Casing.Lower
            : upper == 1 && char.IsUpper(word[0]) ? Casing.Capital
            : upper == letters ? Casing.Upper
            : Casing.Mixed;
    }

    private static bool IsApostrophe(char c) => c is '\'' or '’';

    /// <summary>Marks that combine with letters, and the halves of surrogate pairs.</summary>
    private static bool IsPartOfWord(char c) =>
        c >= '\u0300' && (char.IsSurrogate(c)
            || CharUnicodeInfo.GetUnicodeCategory(c)
                is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);
}
