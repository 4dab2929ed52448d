using System.Buffers;
using System.Globalization;
using System.Text;

namespace SemCache.Core.Embeddings;

/// <summary>
/// The tokeniser of BERT's family: basic tokenisation (clean, lower-case, strip accents, split at punctuation and at
/// CJK characters), then <see cref="WordPieces"/>, between [CLS] and [SEP].
/// </summary>
/// <remarks>
/// The BertTokenizer of Microsoft.ML.Tokenizers drops symbols and glues words across line breaks
/// (dotnet/machinelearning 7724 and 7725): "C++" and "C", "x&lt;y" and "x&gt;y" would get the same tokens, and so hit each
/// other. Basic tokenisation is therefore done here, after the description in the reference implementation of BERT
/// (google-research/bert). Special tokens written out in a prompt are ordinary text.
/// </remarks>
internal sealed class BertTokenizer : ITokenizer
{
    private readonly WordPieces _pieces;
    private readonly bool _lowerCase;
    private readonly int _cls;
    private readonly int _sep;

    /// <param name="vocabulary">One token a line, the line's number is its id.</param>
    /// <param name="lowerCase">Whether to lower-case and strip accents.</param>
    /// <exception cref="InvalidDataException">A special token is missing.</exception>
    public BertTokenizer(Stream vocabulary, bool lowerCase)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        using var reader = new StreamReader(vocabulary, Encoding.UTF8);
        while (reader.ReadLine() is { } token)
        {
            ids.TryAdd(token, VocabularySize++);
        }

        Padding = Special(ids, "[PAD]");
        _cls = Special(ids, "[CLS]");
        _sep = Special(ids, "[SEP]");
        Unknown = Special(ids, "[UNK]");
        _lowerCase = lowerCase;
        _pieces = new WordPieces(ids, Unknown);
    }

    public string Rules => "bert-1";

    public int VocabularySize { get; }

    public int Padding { get; }

    public int Unknown { get; }

    public int[] Encode(string text)
    {
        string letters = _lowerCase ? text.Normalize(NormalizationForm.FormD) : text;

        // A character takes three at most: itself between two spaces. And no token is shorter than a character.
        char[] words = ArrayPool<char>.Shared.Rent(3 * letters.Length);
        int[] ids = ArrayPool<int>.Shared.Rent(letters.Length + 2);
        try
        {
            ReadOnlySpan<char> basic = words.AsSpan(0, BasicTokens(letters, words));
            int count = 0;
            ids[count++] = _cls;
            foreach (Range word in basic.Split(' '))
            {
                count += _pieces.Encode(basic[word], ids.AsSpan(count));
            }

            ids[count++] = _sep;
            return ids[..count];
        }
        finally
        {
            ArrayPool<char>.Shared.Return(words);
            ArrayPool<int>.Shared.Return(ids);
        }
    }

    private static int Special(Dictionary<string, int> ids, string token) => ids.TryGetValue(token, out int id)
        ? id
        : throw new InvalidDataException($"the vocabulary has no {token}");

    // Words, punctuation marks and CJK characters, separated by single spaces or more. Returns their length.
    private int BasicTokens(string letters, Span<char> tokens)
    {
        int length = 0;
        foreach (Rune rune in letters.EnumerateRunes())
        {
            if (char.IsAsciiLetterLower((char)rune.Value) && rune.IsAscii)
            {
                tokens[length++] = (char)rune.Value;
                continue;
            }

            UnicodeCategory category = Rune.GetUnicodeCategory(rune);
            if (rune.Value is '\t' or '\n' or '\r' || IsSeparator(category))
            {
                tokens[length++] = ' ';
            }
            else if (IsIgnored(category) || (_lowerCase && category == UnicodeCategory.NonSpacingMark))
            {
                continue;
            }
            else if (IsPunctuation(rune) || IsCjk(rune.Value))
            {
                tokens[length++] = ' ';
                length += rune.EncodeToUtf16(tokens[length..]);
                tokens[length++] = ' ';
            }
            else
            {
                length += (_lowerCase ? Rune.ToLowerInvariant(rune) : rune).EncodeToUtf16(tokens[length..]);
            }
        }

        return length;
    }

    private static bool IsSeparator(UnicodeCategory category) => category
        is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    // The reference also drops what stands for an unknown character: private, unassigned, replaced. Two such characters
    // can mean two things, so they stay, and become the unknown token.
    private static bool IsIgnored(UnicodeCategory category) =>
        category is UnicodeCategory.Control or UnicodeCategory.Format;

    // Every ASCII character that is no letter, digit or space counts, also those that Unicode calls symbols.
    private static bool IsPunctuation(Rune rune) =>
        rune.IsAscii ? !Rune.IsLetterOrDigit(rune) && rune.Value > ' ' : Rune.IsPunctuation(rune);

    private static bool IsCjk(int value) => value
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2CEAF) or (>= 0x2F800 and <= 0x2FA1F);
}
