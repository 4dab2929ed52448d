using SemCache.Core.Matching.Guards;

namespace SemCache.Cli.Evaluation.Running;

/// <summary>How lookups are decided: which of the engine's checks are switched on.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Title">What reports call it.</param>
/// <param name="Checks">Options of a namespace that is decided in this way.</param>
/// <param name="Lowest">Options that lower its bar as far as it goes, so that scores show every bar above.</param>
internal sealed record Policy(
    string Name,
    string Title,
    IReadOnlyDictionary<string, string> Checks,
    IReadOnlyDictionary<string, string> Lowest)
{
    private static readonly Dictionary<string, string> _everything = [];
    private static readonly Dictionary<string, string> _unverified = new() { ["Verifier"] = "false" };
    private static readonly Dictionary<string, string> _unguarded = GuardSet.Shipped
        .ToDictionary(guard => $"Guards:{guard.Name}", _ => "false");

    private static readonly Dictionary<string, string> _unchecked = new(_unguarded) { ["Verifier"] = "false" };

    private static readonly Dictionary<string, string> _anySimilarity = new() { ["Threshold"] = "-1" };
    private static readonly Dictionary<string, string> _anyProbability =
        new(_anySimilarity) { ["MaxErrorRate"] = "1" };

    /// <summary>Equal prompts only. Semantic hits at similarity 1 are counted as misses.</summary>
    public static Policy Exact { get; } = new(
        "exact", "exact only", new Dictionary<string, string>(_unchecked) { ["Threshold"] = "1" }, _everything);

    /// <summary>A similarity threshold alone.</summary>
    public static Policy Static { get; } = new("static", "threshold", _unchecked, _anySimilarity);

    /// <summary>The threshold and the guards.</summary>
    public static Policy Guards { get; } = new("guards", "+ guards", _unverified, _anySimilarity);

    /// <summary>The verifier on every candidate, without guards.</summary>
    public static Policy Unguarded { get; } = new("unguarded", "verifier alone", _unguarded, _anyProbability);

    /// <summary>The guards, and the verifier on every candidate, however far.</summary>
    public static Policy Verifier { get; } = new("verifier", "+ verifier", _everything, _anyProbability);

    /// <summary>Everything as it ships, at its own setting.</summary>
    public static Policy Shipped { get; } = new("shipped", "as shipped", _everything, _everything);

    /// <summary>All policies, from the fewest checks to the most.</summary>
    public static IReadOnlyList<Policy> All { get; } = [Exact, Static, Guards, Unguarded, Verifier, Shipped];

    /// <summary>Whether a similarity alone is the bar.</summary>
    public bool HasThreshold => this == Static || this == Guards;

    /// <summary>Whether it makes sense only with a verifier.</summary>
    public bool NeedsVerifier => this == Unguarded || this == Verifier;

    /// <exception cref="UsageException">There is no such policy.</exception>
    public static Policy Named(string name) => All.FirstOrDefault(policy => policy.Name == name)
        ?? throw new UsageException(
            $"--policies names '{name}'; known are {string.Join(", ", All.Select(policy => policy.Name))}.");
}
