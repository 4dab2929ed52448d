using System.Diagnostics;
using SemCache.Cli.Evaluation.Statistics;
using SemCache.Core;
using SemCache.Core.Embeddings;

namespace SemCache.Cli.Models.Bench;

/// <summary>One model under measurement, and what its rounds found.</summary>
internal sealed class BenchedModel : IAsyncDisposable
{
    private readonly LoadedModel _model;
    private readonly string _folder;
    private readonly long _memory;
    private readonly HashSet<string> _unread;
    private readonly List<Round> _rounds = [];

    private BenchedModel(LoadedModel model, string folder, long memory, HashSet<string> unread)
    {
        _model = model;
        _folder = folder;
        _memory = memory;
        _unread = unread;
    }

    private Embedder Embedder => _model.Embedder;

    /// <summary>Loads a model and embeds all texts once, so that the rounds measure no first times.</summary>
    /// <exception cref="CacheStartupException">The model cannot be used.</exception>
    public static async Task<BenchedModel> LoadAsync(
        string folder, string[] texts, int threads, CancellationToken cancellationToken)
    {
        var before = Memory();
        var model = LoadedModel.Load(folder, threads, texts.Length);
        try
        {
            HashSet<string> unread = [];
            foreach (var text in texts)
            {
                var tokens = model.Embedder.Tokenize(text, out var why);
                if (why == MissReason.None)
                {
                    await model.Embedder.EmbedAsync(tokens, cancellationToken);
                }
                else
                {
                    unread.Add(text);
                }
            }

            return new(model, folder, Math.Max(0, Memory() - before), unread);
        }
        catch
        {
            await model.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether the model embeds a text: it fits the window, and the vocabulary can spell it.</summary>
    public bool Reads(string text) => !_unread.Contains(text);

    /// <summary>Embeds every text alone, then all at once.</summary>
    public async Task RunRoundAsync(string[] texts, CancellationToken cancellationToken)
    {
        var alone = new double[texts.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await EmbedAsync(texts[i], cancellationToken);
            alone[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }

        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(texts.Select(text => EmbedAsync(text, cancellationToken).AsTask()));
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        _rounds.Add(new(Quantile.Of(alone, 0.5), Quantile.Of(alone, 0.99), texts.Length / seconds));
    }

    /// <summary>The medians over all rounds.</summary>
    /// <param name="first">The model that the others are compared with, round by round.</param>
    /// <param name="texts">The texts of the rounds.</param>
    public BenchResult Result(BenchedModel first, string[] texts) => new(
        Embedder.Manifest.Name,
        _folder,
        Embedder.Manifest.Architecture.ToString().ToLowerInvariant(),
        Embedder.Dimension,
        texts.Average(text => Embedder.Tokenize(text, out _).Length),
        _unread.Count,
        Quantile.Of([.. _rounds.Select(round => round.P50)], 0.5),
        Quantile.Of([.. _rounds.Select(round => round.P99)], 0.5),
        Quantile.Of([.. _rounds.Zip(first._rounds, (mine, theirs) => mine.P50 / theirs.P50)], 0.5),
        Quantile.Of([.. _rounds.Select(round => round.TextsPerSecond)], 0.5),
        new DirectoryInfo(_folder).EnumerateFiles().Sum(file => file.Length),
        _memory);

    public ValueTask DisposeAsync() => _model.DisposeAsync();

    private ValueTask<float[]> EmbedAsync(string text, CancellationToken cancellationToken) =>
        Embedder.EmbedAsync(Embedder.Tokenize(text, out _), cancellationToken);

    private static long Memory()
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private readonly record struct Round(double P50, double P99, double TextsPerSecond);
}
