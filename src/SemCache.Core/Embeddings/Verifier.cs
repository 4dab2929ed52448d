using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using SemCache.Core.Diagnostics;
using SemCache.Core.Embeddings.Onnx;
using SemCache.Core.Embeddings.Static;

namespace SemCache.Core.Embeddings;

/// <summary>
/// Asks the verifier. A static one answers on the caller's thread; one in ONNX Runtime on workers of its own, within
/// <see cref="ModelOptions.VerifierTimeout"/>. That it cannot answer is an answer too: no probability, and so no hit.
/// </summary>
internal sealed class Verifier : IAsyncDisposable
{
    private readonly IVerifier _model;
    private readonly TimeSpan _timeout;
    private readonly SemCacheMetrics _metrics;
    private readonly OncePerMinute _mayLog;
    private readonly ILogger _logger;
    private readonly BatchQueue<VerifierQuestion, float[]>? _queue;

    private Verifier(
        VerifierManifest manifest,
        IVerifier model,
        ModelOptions options,
        SemCacheMetrics metrics,
        TimeProvider time,
        ILogger<Verifier> logger)
    {
        Manifest = manifest;
        _model = model;
        _timeout = options.VerifierTimeout;
        _metrics = metrics;
        _mayLog = new OncePerMinute(time);
        _logger = logger;
        // One question is a batch already: the candidates of one lookup.
        _queue = model.RunsInline
            ? null
            : new BatchQueue<VerifierQuestion, float[]>(
                new BatchLimits(options.MaxQueueLength, Size: 1, Tokens: int.MaxValue),
                options.Workers,
                question => question.Asked.Length,
                questions => [_model.Run(questions[0])]);
    }

    /// <summary>What the model's manifest says of it.</summary>
    public VerifierManifest Manifest { get; }

    /// <summary>Whether it answers on the caller's thread, before <see cref="VerifyAsync"/> returns.</summary>
    public bool RunsInline => _queue is null;

    /// <summary>Questions waiting for the verifier; none ever where it runs inline.</summary>
    public int QueueLength => _queue?.Length ?? 0;

    /// <summary>Loads the verifier of a model folder and tries it once; null when the model has none.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="embedder">The encoder of the same folder.</param>
    /// <param name="options">How the model is run.</param>
    /// <param name="metrics">Counts failures.</param>
    /// <param name="time">The clock that repeated log events are held back by.</param>
    /// <param name="logger">Receives failures.</param>
    /// <exception cref="CacheStartupException">The verifier cannot be used; one sentence says why.</exception>
    public static Verifier? Load(
        string folder,
        Embedder embedder,
        ModelOptions options,
        SemCacheMetrics metrics,
        TimeProvider time,
        ILogger<Verifier> logger)
    {
        if (embedder.Manifest.Verifier is not { } manifest)
        {
            return null;
        }

        IVerifier? model = null;
        try
        {
            string file = Path.Combine(folder, manifest.File);
            model = manifest.Architecture == ModelArchitecture.Static
                ? StaticVerifier.Load(file, manifest.Guards.Count)
                : new OnnxVerifier(file, manifest.Guards.Count, options.ThreadsPerWorker);
            Try(model, manifest, embedder);
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or InvalidDataException or ArgumentOutOfRangeException)
        {
            model?.Dispose();
            throw new CacheStartupException(
                $"The verifier {manifest.File} of the model in {folder} (SemCache:Model:Path) cannot be used: "
                + exception.Message,
                exception);
        }

        Log.VerifierLoaded(logger, manifest.File, manifest.Guards.Count, manifest.Floor);
        return new Verifier(manifest, model, options, metrics, time, logger);
    }

    /// <summary>The probability of each candidate, 0…1; null when the verifier fails or is too slow.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ValueTask<float[]?> VerifyAsync(VerifierQuestion question, CancellationToken cancellationToken)
    {
        if (_queue is not null)
        {
            return new ValueTask<float[]?>(QueueAsync(_queue, question, cancellationToken));
        }

        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<float[]?>(cancellationToken)
            : new ValueTask<float[]?>(Run(question));
    }

    public async ValueTask DisposeAsync()
    {
        if (_queue is not null)
        {
            await _queue.DisposeAsync().ConfigureAwait(false);
        }

        _model.Dispose();
    }

    private async Task<float[]?> QueueAsync(
        BatchQueue<VerifierQuestion, float[]> queue, VerifierQuestion question, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_timeout);
        try
        {
            return queue.TryRunAsync(question, limit.Token) is { } answer
                ? await answer.ConfigureAwait(false)
                : Failed("queue_full", null);
        }
        catch (OperationCanceledException)
        {
            // The caller knows its own token, not the linked one.
            cancellationToken.ThrowIfCancellationRequested();
            return Failed("timeout", null);
        }
        catch (Exception exception)
        {
            return Failed(exception);
        }
    }

    private float[]? Run(VerifierQuestion question)
    {
        try
        {
            return _model.Run(question);
        }
        catch (Exception exception)
        {
            return Failed(exception);
        }
    }

    // The largest id is tried, so that a vocabulary larger than the model's table is found now and not by a prompt; two
    // candidates of different lengths, so that padding is.
    private static void Try(IVerifier model, VerifierManifest manifest, Embedder embedder)
    {
        int[] prompt = embedder.Tokenize("a", out _);
        model.Run(new VerifierQuestion(
            prompt,
            [prompt, [.. prompt, embedder.VocabularySize - 1]],
            new float[2 * (1 + manifest.Guards.Count)]));
    }

    private float[]? Failed(Exception exception) =>
        Failed(exception is InvalidDataException ? "no_probability" : "error", exception);

    private float[]? Failed(string cause, Exception? exception)
    {
        _metrics.VerifierFailed(cause);
        if (_mayLog.TryTake())
        {
            Log.VerifierFailed(_logger, cause, exception);
        }

        return null;
    }
}
