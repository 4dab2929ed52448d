using SemCache.Core.Embeddings.Static.Kernels;
using SemCache.Core.Embeddings.Static.Reading;

namespace SemCache.Core.Embeddings.Static;

/// <summary>
/// The weights of the shipped verifier (<c>models/training/verifier.py</c>), arranged so that what depends on one prompt
/// only is computed once a prompt.
/// </summary>
/// <remarks>
/// <c>compare</c> reads [z, β, |z − β|, z·β]. Its first two parts are linear: that of z is taken once a prompt, and that of
/// β, a weighted sum of the other prompt's z, is the weighted sum of what the weights make of each of those.
/// </remarks>
internal sealed class VerifierWeights
{
    /// <exception cref="InvalidDataException">The file is damaged, or no verifier of this architecture for as many guards.</exception>
    public VerifierWeights(OnnxFile file, int guards)
    {
        Calibration = new Calibration(file.Value("probability"), out OnnxValue logit);
        Columns = 1 + guards;

        OnnxValue output = logit.From("Gather");
        OnnxValue hidden = output.From("Gemm").From("Relu");
        OnnxValue compare = hidden.From("Gemm").From("Concat").From("Add").From("Concat")
            .From("ReduceMax").From("Mul").From("Relu");
        OnnxValue parts = compare.From("Add", 1).From("MatMul");
        OnnxValue read = parts.From("Concat");
        OnnxValue lexical = read.From("Concat");
        OnnxValue context = read.From("Concat", 1).From("Relu");
        OnnxValue scores = parts.From("Concat", 1).From("MatMul").From("Softmax").From("Add");
        OnnxValue query = scores.From("Mul").From("MatMul");

        Tokens = TokenVectors.Of(lexical.From("MatMul").From("Mul"));
        OnnxTensor lexicalWeights = lexical.From("MatMul", 1).Constant();
        OnnxTensor contextBias = context.From("Add").Constant();
        OnnxTensor queryBias = query.From("Add").Constant();
        OnnxTensor compareBias = compare.From("Add").Constant();
        OnnxTensor hiddenBias = hidden.From("Gemm", 2).Constant();
        Lexical = Length(lexicalWeights, 1, TokenKernels.Lanes);
        ContextBias = contextBias.Floats(Length(contextBias, 0, TokenKernels.Lanes));
        Query = Length(queryBias, 0, TokenKernels.Lanes);
        Compared = Length(compareBias, 0, 1);
        AttentionScale = scores.From("Mul", 1).Constant().Floats()[0];
        Projections = ReadProjections(
            lexicalWeights, context.From("Add", 1).From("MatMul", 1).Constant());
        (Heads, Compare) = ReadPrompt(
            query.From("Add", 1).From("MatMul", 1).Constant().Floats(Read, Query),
            compare.From("Add", 1).From("MatMul", 1).Constant().Floats(4 * Read, Compared));
        HeadBias = new float[Heads.Width];
        queryBias.Floats(Query).CopyTo(HeadBias, 0);
        compareBias.Floats(Compared).CopyTo(HeadBias, OwnAt);

        HiddenBias = hiddenBias.Floats(Length(hiddenBias, 0, 1));
        Hidden = ReadHidden(hidden.From("Gemm", 1).Constant());
        Output = output.From("Gemm", 1).Constant().Floats(1, HiddenBias.Length);
        OutputBias = output.From("Gemm", 2).Constant().Floats(1)[0];
    }

    public TokenVectors Tokens { get; }

    /// <summary>A token's share in its own lexical part, then in the context of the next token, its own and of the one before.</summary>
    public TokenProjections Projections { get; }

    public float[] ContextBias { get; }

    /// <summary>From what was read of a token to three parts: see <see cref="Query"/>, <see cref="OwnAt"/>, <see cref="OthersAt"/>.</summary>
    public PackedMatrix Heads { get; }

    public float[] HeadBias { get; }

    /// <summary>What attention is multiplied with before it becomes shares.</summary>
    public float AttentionScale { get; }

    /// <summary>From [|z − β|, z·β] to what was compared.</summary>
    public PackedMatrix Compare { get; }

    /// <summary>From what was pooled of a pair, and its features, to the last layer.</summary>
    public PackedMatrix Hidden { get; }

    public float[] HiddenBias { get; }

    public float[] Output { get; }

    public float OutputBias { get; }

    public Calibration Calibration { get; }

    /// <summary>Features of a pair: the similarity and a verdict a guard.</summary>
    public int Columns { get; }

    /// <summary>Numbers of a token's lexical part.</summary>
    public int Lexical { get; }

    /// <summary>Numbers that are read of a token, z: the lexical part and the context.</summary>
    public int Read => Lexical + ContextBias.Length;

    /// <summary>Numbers that tokens are aligned by: the first part of <see cref="Heads"/>.</summary>
    public int Query { get; }

    /// <summary>Numbers that are compared of a token.</summary>
    public int Compared { get; }

    /// <summary>The same, filled up for the kernels.</summary>
    public int ComparedWidth => (Compared + TokenKernels.Lanes - 1) / TokenKernels.Lanes * TokenKernels.Lanes;

    /// <summary>Where the part of z in what is compared begins in <see cref="Heads"/>.</summary>
    public int OwnAt => Query;

    /// <summary>Where the part begins that a token has in what is compared of those aligned with it.</summary>
    public int OthersAt => Query + ComparedWidth;

    private static int Length(OnnxTensor tensor, int dimension, int multiple) =>
        dimension < tensor.Shape.Length && tensor.Shape[dimension] > 0 && tensor.Shape[dimension] % multiple == 0
            ? tensor.Shape[dimension]
            : throw new InvalidDataException(
                $"its tensor '{tensor.Name}' is [{string.Join(", ", tensor.Shape)}], where dimension {dimension} must be "
                + $"a multiple of {multiple}");

    private TokenProjections ReadProjections(OnnxTensor lexical, OnnxTensor context)
    {
        int dimension = Tokens.Dimension;
        int features = ContextBias.Length;
        int columns = Lexical + (3 * features);
        float[] own = lexical.Floats(dimension, Lexical);
        float[] around = Neighbours.SideBySide(context.Floats(3 * dimension, features), dimension, features);
        float[] all = new float[dimension * columns];
        for (int row = 0; row < dimension; row++)
        {
            own.AsSpan(row * Lexical, Lexical).CopyTo(all.AsSpan(row * columns));
            around.AsSpan(row * 3 * features, 3 * features).CopyTo(all.AsSpan((row * columns) + Lexical));
        }

        return new TokenProjections(Tokens, all, columns);
    }

    private (PackedMatrix Heads, PackedMatrix Compare) ReadPrompt(float[] query, float[] compare)
    {
        int width = OthersAt + ComparedWidth;
        float[] heads = new float[Read * width];
        for (int row = 0; row < Read; row++)
        {
            Span<float> to = heads.AsSpan(row * width, width);
            query.AsSpan(row * Query, Query).CopyTo(to);
            compare.AsSpan(row * Compared, Compared).CopyTo(to[OwnAt..]);
            compare.AsSpan((Read + row) * Compared, Compared).CopyTo(to[OthersAt..]);
        }

        return (
            new PackedMatrix(heads, Read, width),
            new PackedMatrix(compare.AsSpan(2 * Read * Compared), 2 * Read, Compared));
    }

    private PackedMatrix ReadHidden(OnnxTensor tensor)
    {
        int rows = (4 * Compared) + Columns;
        if (tensor.Shape is [_, int present] && present > 4 * Compared && present != rows)
        {
            throw new InvalidDataException(
                $"its input features has {present - (4 * Compared)} columns, but its manifest names {Columns - 1} guards, "
                + $"which with the similarity makes {Columns}");
        }

        // The file has this matrix by its columns.
        float[] byColumn = tensor.Floats(HiddenBias.Length, rows);
        float[] byRow = new float[byColumn.Length];
        for (int column = 0; column < HiddenBias.Length; column++)
        {
            for (int row = 0; row < rows; row++)
            {
                byRow[(row * HiddenBias.Length) + column] = byColumn[(column * rows) + row];
            }
        }

        return new PackedMatrix(byRow, rows, HiddenBias.Length);
    }
}
