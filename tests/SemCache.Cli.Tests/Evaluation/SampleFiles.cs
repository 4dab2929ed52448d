namespace SemCache.Cli.Tests.Evaluation;

/// <summary>Data that is quick to evaluate and whose figures can be worked out by hand.</summary>
internal static class SampleFiles
{
    /// <summary>The pairs that come with the repository.</summary>
    public static string Pairs { get; } = Path.Combine(AppContext.BaseDirectory, "sample-pairs.jsonl");

    /// <summary>A duplicate in the same words, one in others, and two questions that are unrelated.</summary>
    public const string FewPairs = """
        {"a":"What is the capital of France?","b":"what is the capital of france","label":1}
        {"a":"What is the capital of France?","b":"Name the French seat of government","label":1}
        {"a":"How do I bake bread?","b":"Which planet is the largest?","label":0}

        """;
}
