namespace SemCache.Core.Embeddings;

/// <summary>What a model is, and so what runs it.</summary>
internal enum ModelArchitecture
{
    /// <summary>Any graph; ONNX Runtime runs it.</summary>
    Onnx,

    /// <summary>
    /// The shipped model's, as <c>models/training</c> makes it: token vectors and few dense layers, without attention over
    /// the whole text. Run by this program itself, on the caller's thread.
    /// </summary>
    Static,
}
