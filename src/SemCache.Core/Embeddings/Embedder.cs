using System.Buffers.Binary;
using System.Globalization;
using System.Numerics.Tensors;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using SemCache.Core.Diagnostics;

namespace SemCache.Core.Embeddings;

/// <summary>
/// Turns texts into unit-length vectors. Tokenises on the caller's thread; the model runs on workers of its own, which
/// take what waits at the same moment as one batch.
/// </summary>
internal sealed class Embedder : IAsyncDisposable
{
    private const float UnitLengthTolerance = 1e-3f;

    private readonly ModelManifest _manifest;
    private readonly ModelOptions _options;
    private readonly ITokenizer _tokenizer;
    private readonly EncoderModel _model;
    private readonly SemCacheMetrics _metrics;
    private readonly Channel<Request> _queue;
    private readonly Task[] _workers;

    private Embedder(
        ModelManifest manifest, ModelOptions options, ITokenizer tokenizer, EncoderModel model, SemCacheMetrics metrics)
    {
        _manifest = manifest;
        _options = options;
        _tokenizer = tokenizer;
        _model = model;
        _metrics = metrics;
        _queue = Channel.CreateBounded<Request>(options.MaxQueueLength);
        Fingerprint = FingerprintOf(manifest, tokenizer);
        _workers = [.. Enumerable.Range(0, options.Workers).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>The model's name.</summary>
    public string Name => _manifest.Name;

    /// <summary>Components of a vector.</summary>
    public int Dimension => _manifest.Dimension;

    /// <summary>
    /// Hash of everything that a vector depends on. Vectors of different fingerprints are never compared.
    /// </summary>
    public UInt128 Fingerprint { get; }

    /// <summary>Prompts waiting for the model.</summary>
    public int QueueLength => _queue.Reader.Count;

    /// <summary>Loads a model folder and tries the model once.</summary>
    /// <exception cref="CacheStartupException">The model cannot be used; one sentence says why.</exception>
    public static Embedder Load(string folder, ModelOptions options, SemCacheMetrics metrics, ILogger<Embedder> logger)
    {
        ModelManifest manifest = ModelManifest.Load(folder);
        EncoderModel? model = null;
        try
        {
            using FileStream vocabulary = File.OpenRead(Path.Combine(folder, manifest.TokenizerFile));
            ITokenizer tokenizer = manifest.Tokenizer == TokenizerKind.Bert
                ? new BertTokenizer(vocabulary, manifest.LowerCase)
                : new XlmRobertaTokenizer(vocabulary);
            model = new EncoderModel(
                Path.Combine(folder, ModelManifest.ModelFile), manifest, tokenizer.Padding, options.ThreadsPerWorker);
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
        int[] tokens = _tokenizer.Encode(_manifest.QueryPrefix + text);
        unread = tokens.Length > _manifest.Window ? MissReason.OverWindow
            : tokens.Contains(_tokenizer.Unknown) ? MissReason.UnknownWord
            : MissReason.None;
        return tokens;
    }

    /// <summary>The unit-length vector of tokenised text.</summary>
    /// <exception cref="LimitReachedException">Too many prompts wait for the model.</exception>
    public async Task<float[]> EmbedAsync(int[] tokens, CancellationToken cancellationToken)
    {
        var request = new Request(tokens, cancellationToken);
        if (!_queue.Writer.TryWrite(request))
        {
            _metrics.Refused("embedding_queue");
            throw new LimitReachedException(
                $"{_options.MaxQueueLength} prompts wait for the embedding model (SemCache:Model:MaxQueueLength)",
                retryAfter: TimeSpan.FromMilliseconds(100));
        }

        await using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static state => ((Request)state!).Cancel(), request);
        return await request.Task.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await Task.WhenAll(_workers).ConfigureAwait(false);
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
    private static void Try(EncoderModel model, ModelManifest manifest, ITokenizer tokenizer)
    {
        float[] vector = new float[manifest.Dimension];
        foreach (int[] tokens in (int[][])[tokenizer.Encode("a"), [tokenizer.VocabularySize - 1]])
        {
            try
            {
                model.Run([tokens], vector);
            }
            catch (OnnxRuntimeException exception)
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

    private async Task WorkAsync()
    {
        var batch = new List<Request>(_options.MaxBatchSize);
        Request? held = null;
        while (held is not null || await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            held = Gather(batch, held);
            if (batch.Count > 0)
            {
                Run(batch);
                batch.Clear();
            }
        }
    }

    // Takes what waits, up to the limits of a batch. Returns the request that no longer fitted.
    private Request? Gather(List<Request> batch, Request? held)
    {
        int longest = 0;
        while (batch.Count < _options.MaxBatchSize)
        {
            Request? next = held;
            held = null;
            if (next is null && !_queue.Reader.TryRead(out next))
            {
                return null;
            }

            if (next.Task.IsCompleted)
            {
                continue;
            }

            longest = Math.Max(longest, next.Tokens.Length);
            if (batch.Count > 0 && longest * (batch.Count + 1) > _options.MaxBatchTokens)
            {
                return next;
            }

            batch.Add(next);
        }

        return null;
    }

    private void Run(List<Request> batch)
    {
        _metrics.Batch(batch.Count);
        try
        {
            int[][] tokens = [.. batch.Select(request => request.Tokens)];
            float[] vectors = new float[batch.Count * Dimension];
            _model.Run(tokens, vectors);
            for (int i = 0; i < batch.Count; i++)
            {
                batch[i].TrySetResult(
                    batch.Count == 1 ? vectors : vectors.AsSpan(i * Dimension, Dimension).ToArray());
            }
        }
        catch (Exception exception)
        {
            // Whatever it is, it belongs to those who wait: a worker that ended would leave all later ones waiting.
            foreach (Request request in batch)
            {
                request.TrySetException(
                    new CacheUnavailableException("The embedding model failed: " + exception.Message, exception));
            }
        }
    }

    private sealed class Request(int[] tokens, CancellationToken cancellationToken)
        : TaskCompletionSource<float[]>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public int[] Tokens { get; } = tokens;

        public void Cancel() => TrySetCanceled(cancellationToken);
    }
}
