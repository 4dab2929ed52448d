namespace SemCache.LoadTest.Targets;

/// <summary>What became of one call: a right answer, a wrong one, or none. The default is a right answer.</summary>
internal readonly record struct CallOutcome
{
    private CallOutcome(string? status, string problem) => (Status, Problem) = (status, problem);

    /// <summary>The status that the other side failed the call with; null when it answered.</summary>
    public string? Status { get; }

    /// <summary>What is wrong, in words that many calls share; null when nothing is.</summary>
    public string? Problem { get; }

    /// <summary>Whether an answer came that should have been another.</summary>
    public bool IsWrong => Status is null && Problem is not null;

    /// <summary>An answer, and what is wrong with it; null when nothing is.</summary>
    public static CallOutcome Answered(string? problem) => problem is null ? default : new CallOutcome(null, problem);

    /// <summary>A call that was refused or failed, by a status such as <c>ResourceExhausted</c>.</summary>
    public static CallOutcome Failed(string status, string detail) => new(status, $"{status}: {detail}");
}
