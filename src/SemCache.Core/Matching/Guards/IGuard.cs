namespace SemCache.Core.Matching.Guards;

/// <summary>
/// What a guard makes of two prompts. The numbers order the verdicts by how much they say against a hit.
/// </summary>
public enum GuardVerdict
{
    /// <summary>The prompts agree in what this guard looks at, or have none of it.</summary>
    Pass = 0,

    /// <summary>
    /// They differ in a way that proves nothing by itself: one of them says more than the other, say. Evidence for the
    /// verifier; stops nothing.
    /// </summary>
    Suspect = 1,

    /// <summary>They differ in something that changes the answer: the entry is not served.</summary>
    Stop = 2,
}

/// <summary>A guard's verdict and what led to it.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Asked">What the prompt that is looked up says, as far as it differs; empty when it passes.</param>
/// <param name="Stored">What the entry's prompt says instead; empty when it passes.</param>
public readonly record struct GuardFinding(GuardVerdict Verdict, string Asked = "", string Stored = "")
{
    /// <summary>No difference.</summary>
    public static GuardFinding Pass => default;
}

/// <summary>
/// A deterministic check that two prompts differ in something that matters: a number, a date, a negation, a name.
/// </summary>
/// <remarks>
/// Guards look at every candidate of every semantic lookup: they are stateless, safe for concurrent use, and take
/// microseconds. Register one of your own with <c>services.AddSingleton&lt;IGuard, MyGuard&gt;()</c>; it joins the
/// shipped ones.
/// </remarks>
public interface IGuard
{
    /// <summary>
    /// The guard's name in options, metrics and answers: lower-case letters and <c>_</c>, unique, at most 32
    /// characters.
    /// </summary>
    string Name { get; }

    /// <summary>Compares two prompts. Symmetric in its verdict.</summary>
    /// <param name="asked">The prompt that is looked up.</param>
    /// <param name="stored">The prompt of a candidate.</param>
    GuardFinding Compare(PromptReading asked, PromptReading stored);
}
