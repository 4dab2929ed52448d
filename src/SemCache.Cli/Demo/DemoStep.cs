using SemCache.Core;

namespace SemCache.Cli.Demo;

/// <summary>One question and what the cache made of it.</summary>
/// <param name="Asked">The question.</param>
/// <param name="Found">What the lookup found.</param>
/// <param name="Repeats">Whether a question of the same class was stored before.</param>
/// <param name="Duration">How long the lookup took.</param>
internal sealed record DemoStep(SamplePrompt Asked, LookupResult Found, bool Repeats, TimeSpan Duration)
{
    /// <summary>Whether an answer was served.</summary>
    public bool IsHit => Found.Outcome != LookupOutcome.Miss;

    /// <summary>Whether the answer served belongs to another class of questions.</summary>
    public bool IsWrong => Found.Entry is { } entry && !entry.Tags.Contains(Asked.Class);
}
