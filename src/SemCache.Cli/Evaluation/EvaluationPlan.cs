using SemCache.Cli.Evaluation.Data;
using SemCache.Cli.Evaluation.Running;

namespace SemCache.Cli.Evaluation;

/// <summary>How data is used.</summary>
internal enum EvaluationMode
{
    /// <summary>Every prompt is asked once, in order, of a cache that fills.</summary>
    Stream,

    /// <summary>One prompt of a pair is stored and the other one asked, each pair alone.</summary>
    Pairs,
}

/// <summary>What to evaluate, and how.</summary>
internal sealed record EvaluationPlan
{
    public required EvaluationMode Mode { get; init; }

    public InsertPolicy Insert { get; init; } = InsertPolicy.Always;

    /// <summary>Model folders; null stands for the default model.</summary>
    public IReadOnlyList<string?> Models { get; init; } = [null];

    public IReadOnlyList<Policy> Policies { get; init; } = Policy.All;

    /// <summary>Thresholds to run at where a run shows one only; empty for the shipped one.</summary>
    public IReadOnlyList<double> Thresholds { get; init; } = [];

    /// <summary>Names of classes in which no text's answer serves another.</summary>
    public IReadOnlyList<string> MustMiss { get; init; } = [];

    /// <summary>Texts to mix into streams.</summary>
    public DataFile? Noise { get; init; }

    /// <summary>How many of them; null for as many as the stream has prompts.</summary>
    public int? NoiseCount { get; init; }

    /// <summary>Seed to shuffle streams with; null for the order of the file.</summary>
    public int? Shuffle { get; init; }

    public int Resamples { get; init; } = 1000;

    /// <summary>Seed of noise and bootstrap.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Examples in each list.</summary>
    public int Examples { get; init; } = 25;

    /// <summary>
    /// The runs that the plan needs. What a lookup hits decides what is stored when only misses are, so each bar is a
    /// run of its own then; else one run at the lowest bar shows them all.
    /// </summary>
    public IReadOnlyList<Setting> Settings => RunsAtOnePoint
        ? [.. Policies.Where(policy => !policy.NeedsVerifier).SelectMany(policy =>
            policy.HasThreshold && Thresholds.Count > 0
                ? Thresholds.Select(threshold => Setting.At(policy, "Threshold", threshold))
                : [Setting.Shipped(policy)])]
        : [.. Policies.Select(Setting.Lowest)];

    /// <summary>Whether each run is an operating point itself.</summary>
    public bool RunsAtOnePoint => Mode == EvaluationMode.Stream && Insert == InsertPolicy.Miss;

    /// <summary>The prompts of a stream.</summary>
    public IReadOnlyList<Asked> StreamOf(DataFile file)
    {
        Asked[] stream = [.. QuestionStream.Of(file, MustMiss)];
        if (Shuffle is { } seed)
        {
            new Random(seed).Shuffle(stream);
        }

        return Noise is null ? stream : Data.Noise.Mix(stream, Noise, NoiseCount, Seed);
    }
}
