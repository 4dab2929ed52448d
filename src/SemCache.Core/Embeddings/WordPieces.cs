namespace SemCache.Core.Embeddings;

/// <summary>
/// WordPiece: a word becomes the longest token that it begins with, then the longest that goes on, and so forth.
/// </summary>
/// <remarks>
/// The same as WordPieceTokenizer of Microsoft.ML.Tokenizers, which tests compare it with, and faster: that
/// finds words by a regular expression and allocates for each.
/// </remarks>
internal sealed class WordPieces
{
    // As the reference has it: what is longer is no word.
    private const int LongestWord = 100;
    private const string GoesOn = "##";

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _first;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _next;
    private readonly int _longest;
    private readonly int _unknown;

    /// <param name="vocabulary">The id of every token; those that go on with a word begin with ##.</param>
    /// <param name="unknown">The id of words that the vocabulary cannot spell.</param>
    public WordPieces(Dictionary<string, int> vocabulary, int unknown)
    {
        var next = new Dictionary<string, int>(vocabulary.Count / 4, StringComparer.Ordinal);
        foreach ((string token, int id) in vocabulary)
        {
            _longest = Math.Max(_longest, token.Length);
            if (token.StartsWith(GoesOn, StringComparison.Ordinal))
            {
                next.Add(token[GoesOn.Length..], id);
            }
        }

        _first = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        _next = next.GetAlternateLookup<ReadOnlySpan<char>>();
        _unknown = unknown;
    }

    /// <summary>Tokens of one word.</summary>
    /// <param name="word">The word; none if it is empty.</param>
    /// <param name="ids">Receives ids, at most one a character.</param>
    /// <returns>How many.</returns>
    public int Encode(ReadOnlySpan<char> word, Span<int> ids)
    {
        int count = 0;
        for (int start = 0; start < word.Length; count++)
        {
            int length = word.Length > LongestWord ? 0 : Math.Min(word.Length - start, _longest);
            while (length > 0 && !(start == 0 ? _first : _next).TryGetValue(word.Slice(start, length), out ids[count]))
            {
                length--;
            }

            if (length == 0)
            {
                ids[0] = _unknown;
                return 1;
            }

            start += length;
        }

        return count;
    }
}
