using System.Buffers.Binary;
using System.Globalization;
using System.Numerics.Tensors;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using SemCache.Core.Diagnostics;
using SemCache.Core.Embeddings.Onnx;
using SemCache.Core.Embeddings.Static;

namespace SemCache.Core.Embeddings;

/// <summary>
/// Turns texts into unit-length vectors. Tokenises on the caller's thread. A static model runs there too; one in ONNX
/// Runtime has workers of its own, which take what waits at the same moment as one batch.
/// </summary>
internal sealed class Embedder : IAsyncDisposable
{
    private const float UnitLengthTolerance = 1e-3f;

    private readonly ModelOptions _options;
    private readonly ITokenizer _tokenizer;
    private readonly IEncoder _model;
    private readonly SemCacheMetrics _metrics;
    private readonly BatchQueue<int[], float[]>? _queue;

    private Embedder(
        ModelManifest manifest, ModelOptions options, ITokenizer tokenizer, IEncoder model, SemCacheMetrics metrics)
    {
        Manifest = manifest;
        _options = options;
        _tokenizer = tokenizer;
        _model = model;
        _metrics = metrics;
        Fingerprint = FingerprintOf(manifest, tokenizer);
        _queue = model.RunsInline
            ? null
            : new BatchQueue<int[], float[]>(
                new BatchLimits(options.MaxQueueLength, options.MaxBatchSize, options.MaxBatchTokens),
                options.Workers,
                tokens => tokens.Length,
                Run);
    }

    /// <summary>What the model's folder says of it.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>Components of a vector.</summary>
    public int Dimension => Manifest.Dimension;

    /// <summary>Tokens that the model knows.</summary>
    public int VocabularySize => _tokenizer.VocabularySize;

    /// <summary>
    /// Hash of everything that a vector depends on. Vectors of different fingerprints are never compared.
    /// </summary>
    public UInt128 Fingerprint { get; }

    /// <summary>Whether the model runs on the caller's thread, before <see cref="EmbedAsync"/> returns.</summary>
    public bool RunsInline => _queue is null;

    /// <summary>Prompts waiting for the model; none ever where it runs inline.</summary>
    public int QueueLength => _queue?.Length ?? 0;

    /// <summary>Loads a model folder and tries the model once.</summary>
    /// <exception cref="CacheStartupException">The model cannot be used; one sentence says why.</exception>
    public static Embedder Load(string folder, ModelOptions options, SemCacheMetrics metrics, ILogger<Embedder> logger)
    {
        ModelManifest manifest = ModelManifest.Load(folder);
        IEncoder? model = null;
        try
        {
            using FileStream vocabulary = File.OpenRead(Path.Combine(folder, manifest.TokenizerFile));
            ITokenizer tokenizer = manifest.Tokenizer == TokenizerKind.Bert
                ? new BertTokenizer(vocabulary, manifest.LowerCase)
                : new XlmRobertaTokenizer(vocabulary);
            string file = Path.Combine(folder, ModelManifest.ModelFile);
            model = manifest.Architecture == ModelArchitecture.Static
                ? StaticEncoder.Load(file, manifest.Dimension)
                : new OnnxEncoder(file, manifest, tokenizer.Padding, options.ThreadsPerWorker);
            Try(model, manifest, tokenizer);
            var embedder = new Embedder(manifest, options, tokenizer, model, metrics);
            Log.ModelLoaded(
                logger,
                manifest.Name,
                manifest.Dimension,
                manifest.Window,
                embedder.Fingerprint.ToString("x32", CultureInfo.InvariantCulture));
            return embedder;
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or InvalidDataException)
        {
            model?.Dispose();
            throw new CacheStartupException(
                $"The model in {folder} (SemCache:Model:Path) cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>Token ids of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="unread">
    /// Why the tokens do not stand for the whole text, <see cref="MissReason.None"/> when they do. If they do not, another
    /// text may have the same tokens: it must not be embedded.
    /// </param>
    public int[] Tokenize(string text, out MissReason unread)
    {
        int[] tokens = _tokenizer.Encode(Manifest.QueryPrefix + text);
        unread = tokens.Length > Manifest.Window ? MissReason.OverWindow
            : tokens.Contains(_tokenizer.Unknown) ? MissReason.UnknownWord
            : MissReason.None;
        return tokens;
    }

    /// <summary>The unit-length vector of tokenised text.</summary>
    /// <exception cref="LimitReachedException">Too many prompts wait for the model.</exception>
    /// <exception cref="CacheUnavailableException">The model failed.</exception>
    public ValueTask<float[]> EmbedAsync(int[] tokens, CancellationToken cancellationToken)
    {
        if (_queue is null)
        {
            return cancellationToken.IsCancellationRequested
                ? ValueTask.FromCanceled<float[]>(cancellationToken)
                : new ValueTask<float[]>(Run(new ReadOnlySpan<int[]>(in tokens)));
        }

        if (_queue.TryRunAsync(tokens, cancellationToken) is not { } vector)
        {
            _metrics.Refused("embedding_queue");
            throw new LimitReachedException(
                $"{_options.MaxQueueLength} prompts wait for the embedding model (SemCache:Model:MaxQueueLength)",
                retryAfter: TimeSpan.FromMilliseconds(100));
        }

        return new ValueTask<float[]>(vector);
    }

    public async ValueTask DisposeAsync()
    {
        if (_queue is not null)
        {
            await _queue.DisposeAsync().ConfigureAwait(false);
        }

        _model.Dispose();
    }

    private static UInt128 FingerprintOf(ModelManifest manifest, ITokenizer tokenizer)
    {
        string identity = string.Join(
            '\n',
            tokenizer.Rules,
            manifest.Sha256[ModelManifest.ModelFile].ToUpperInvariant(),
            manifest.Sha256[manifest.TokenizerFile].ToUpperInvariant(),
            manifest.Pooling,
            manifest.Normalize,
            manifest.LowerCase,
            manifest.QueryPrefix);
        return BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(identity)));
    }

    // The largest id is tried, so that a vocabulary larger than the model's table is found now and not by a prompt.
    private static void Try(IEncoder model, ModelManifest manifest, ITokenizer tokenizer)
    {
        float[] vector = new float[manifest.Dimension];
        foreach (int[] tokens in (int[][])[tokenizer.Encode("a"), [tokenizer.VocabularySize - 1]])
        {
            try
            {
                model.Run([tokens], vector);
            }
            catch (Exception exception) when (exception is OnnxRuntimeException or ArgumentOutOfRangeException)
            {
                throw new InvalidDataException(
                    $"the vocabulary of {tokenizer.VocabularySize} tokens does not fit the model ({exception.Message})");
            }
        }

        float norm = TensorPrimitives.Norm(vector);
        if (!(Math.Abs(norm - 1) <= UnitLengthTolerance))
        {
            throw new InvalidDataException($"its vectors have length {norm} instead of 1; does it need normalize?");
        }
    }

    private float[][] Run(int[][] batch)
    {
        _metrics.Batch(batch.Length);
        float[] vectors = Run(batch.AsSpan());
        return batch.Length == 1
            ? [vectors]
            : [.. batch.Select((_, i) => vectors.AsSpan(i * Dimension, Dimension).ToArray())];
    }

    private float[] Run(ReadOnlySpan<int[]> batch)
    {
        float[] vectors = new float[batch.Length * Dimension];
        try
        {
            _model.Run(batch, vectors);
            return vectors;
        }
        catch (Exception exception)
        {
            throw new CacheUnavailableException("The embedding model failed: " + exception.Message, exception);
        }
    }
}
