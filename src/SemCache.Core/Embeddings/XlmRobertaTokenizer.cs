using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace SemCache.Core.Embeddings;

/// <summary>
/// The tokeniser of XLM-RoBERTa and the multilingual encoders made from it: SentencePiece by Microsoft.ML.Tokenizers,
/// between &lt;s&gt; and &lt;/s&gt;.
/// </summary>
/// <remarks>
/// Ids are those of fairseq, in which the models were trained: &lt;s&gt; 0, &lt;pad&gt; 1, &lt;/s&gt; 2, &lt;unk&gt; 3,
/// and every other piece one above its place in the file, where &lt;unk&gt; is 0, &lt;s&gt; 1 and &lt;/s&gt; 2.
/// The normalisation of the file is compatibility decomposition: it writes 10² as 102 and ½ as 1/2, and prompts that
/// differ in nothing else would hit each other. A text with such a number is therefore not read, but unknown.
/// </remarks>
internal sealed class XlmRobertaTokenizer : ITokenizer
{
    private const int Begin = 0;
    private const int End = 2;
    private const int Offset = 1;

    private readonly SentencePieceTokenizer _pieces;

    /// <param name="model">A SentencePiece model.</param>
    /// <exception cref="InvalidDataException">It is none, or has not the special pieces of XLM-RoBERTa.</exception>
    public XlmRobertaTokenizer(Stream model)
    {
        try
        {
            _pieces = SentencePieceTokenizer.Create(model, addBeginningOfSentence: false, addEndOfSentence: false);
        }
        catch (Exception exception)
        {
            throw new InvalidDataException(
                $"the vocabulary is no SentencePiece model ({exception.Message})", exception);
        }

        if (_pieces is not { UnknownId: 0, BeginningOfSentenceId: 1, EndOfSentenceId: 2 })
        {
            throw new InvalidDataException(
                "the vocabulary has not the pieces <unk>, <s> and </s> in its first places, as that of XLM-RoBERTa "
                + "has");
        }

        VocabularySize = _pieces.Vocabulary.Count + Offset;
    }

    public string Rules => "xlm-roberta-1";

    public int VocabularySize { get; }

    public int Padding => 1;

    public int Unknown => 3;

    public int[] Encode(string text)
    {
        if (HasNumberThatIsRewritten(text))
        {
            return [Begin, Unknown, End];
        }

        IReadOnlyList<int> pieces = _pieces.EncodeToIds(text, addBeginningOfSentence: false, addEndOfSentence: false);
        var ids = new int[pieces.Count + 2];
        ids[0] = Begin;
        for (int i = 0; i < pieces.Count; i++)
        {
            ids[i + 1] = pieces[i] == _pieces.UnknownId ? Unknown : pieces[i] + Offset;
        }

        ids[^1] = End;
        return ids;
    }

    private static bool HasNumberThatIsRewritten(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!rune.IsAscii && Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherNumber)
            {
                return true;
            }
        }

        return false;
    }
}
