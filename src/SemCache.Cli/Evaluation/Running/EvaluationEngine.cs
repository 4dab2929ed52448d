using SemCache.Cli.InProcess;
using SemCache.Core;

namespace SemCache.Cli.Evaluation.Running;

/// <summary>
/// The engine inside this process with a namespace for each setting. Settings run side by side: their namespaces share
/// nothing but the model.
/// </summary>
internal sealed class EvaluationEngine : IAsyncDisposable
{
    private readonly TemporaryCache _cache;
    private readonly IReadOnlyList<Setting> _settings;

    private EvaluationEngine(TemporaryCache cache, IReadOnlyList<Setting> settings)
    {
        _cache = cache;
        _settings = settings;
    }

    /// <param name="model">Folder of the embedding model; null for the default.</param>
    /// <param name="settings">What will be run.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<EvaluationEngine> StartAsync(
        string? model, IReadOnlyList<Setting> settings, CancellationToken cancellationToken)
    {
        var options = new Dictionary<string, string?>
        {
            // A crash loses the run anyway.
            ["SemCache:Storage:Durability"] = nameof(Durability.None),
            ["SemCache:Model:Workers"] = $"{Environment.ProcessorCount}",
            // What a prompt is batched with changes the last bits of its vector, and so which of two equally near
            // entries is served: one prompt a batch makes every run the same.
            ["SemCache:Model:MaxBatchSize"] = "1",
            // What is late is still right: quality is measured here, not speed.
            ["SemCache:Model:VerifierTimeout"] = "00:01:00",
            // Each pair has a partition to itself.
            ["SemCache:Limits:MaxPartitions"] = "100000000",
        };
        if (model is not null)
        {
            options["SemCache:Model:Path"] = Path.GetFullPath(model);
        }

        for (var i = 0; i < settings.Count; i++)
        {
            AddNamespace(options, RunName(i), settings[i].Options);
            AddNamespace(options, ProbeName(i), settings[i].Policy.Checks);
        }

        return new EvaluationEngine(await TemporaryCache.StartAsync(options, cancellationToken), settings);
    }

    /// <summary>The model's name.</summary>
    public string ModelName => _cache.Cache.ModelName;

    /// <summary>Runs every setting.</summary>
    /// <param name="lookUp">Makes the lookups of one setting.</param>
    /// <param name="asRun">Whether the settings are operating points themselves.</param>
    /// <param name="time">Measures how long it takes.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task<SetRun> RunAsync(
        Func<Recorder, Task<LookupRecord[]>> lookUp, bool asRun, TimeProvider time, CancellationToken cancellationToken)
    {
        var points = new (OperatingPoint Point, bool Verifies)[_settings.Count];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = await ProbeAsync(i, asRun, cancellationToken);
        }

        var started = time.GetTimestamp();
        var records = await Task.WhenAll(_settings.Select((setting, i) => Task.Run(
            () => lookUp(new Recorder(_cache.Cache, RunName(i), setting.Policy)), cancellationToken)));
        return new SetRun(
            [.. _settings.Select((setting, i) =>
                new PolicyRun(setting, points[i].Point, points[i].Verifies, records[i]))],
            time.GetElapsedTime(started));
    }

    public ValueTask DisposeAsync() => _cache.DisposeAsync();

    private static string RunName(int setting) => $"run-{setting}";

    private static string ProbeName(int setting) => $"probe-{setting}";

    private static void AddNamespace(
        Dictionary<string, string?> options, string name, IReadOnlyDictionary<string, string> own)
    {
        foreach (var (option, value) in own)
        {
            options[$"SemCache:Namespaces:{name}:{option}"] = value;
        }
    }

    // Any lookup says which threshold and which bar its namespace is held to.
    private async Task<(OperatingPoint Point, bool Verifies)> ProbeAsync(
        int setting, bool asRun, CancellationToken cancellationToken)
    {
        var served = asRun || _settings[setting].Policy == Policy.Shipped;
        var probe = await _cache.Cache.LookupAsync(
            new LookupQuery
            {
                Namespace = served ? RunName(setting) : ProbeName(setting),
                Prompt = Prompt.FromText("Which bar applies?"),
            },
            cancellationToken);
        return (served ? OperatingPoint.AsRun(probe) : OperatingPoint.Of(probe), probe.Bar is not null);
    }
}
