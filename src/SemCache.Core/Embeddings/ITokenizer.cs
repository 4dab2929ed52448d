namespace SemCache.Core.Embeddings;

/// <summary>Which tokeniser a model was trained with.</summary>
internal enum TokenizerKind
{
    /// <summary>Basic tokenisation and WordPiece, with <c>vocab.txt</c>.</summary>
    Bert,

    /// <summary>SentencePiece with the ids of XLM-RoBERTa, with <c>sentencepiece.bpe.model</c>.</summary>
    XlmRoberta,
}

/// <summary>Turns texts into the token ids that a model was trained on.</summary>
internal interface ITokenizer
{
    /// <summary>Version of its rules: part of the fingerprint, since other tokens make other vectors.</summary>
    string Rules { get; }

    /// <summary>Ids are below it.</summary>
    int VocabularySize { get; }

    /// <summary>The token that fills up shorter prompts of a batch.</summary>
    int Padding { get; }

    /// <summary>The token that stands for everything that the vocabulary cannot spell.</summary>
    int Unknown { get; }

    /// <summary>Token ids of a text, those at its beginning and end included.</summary>
    int[] Encode(string text);
}
