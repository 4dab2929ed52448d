namespace SemCache.Cli.Evaluation.Data;

/// <summary>A line of a data file. Every text in it is trimmed and not empty, as the engine compares it.</summary>
internal abstract record DataLine
{
    /// <summary>What the lines are called in messages.</summary>
    public abstract string Kind { get; }
}

/// <summary>Two texts, and whether one answer serves both.</summary>
internal sealed record PairLine(string A, string B, bool SameAnswer) : DataLine
{
    public override string Kind => "labelled pairs";
}

/// <summary>A text and its class: one answer serves all texts of a class.</summary>
internal sealed record ClassLine(string Text, string Class) : DataLine
{
    public override string Kind => "texts with classes";
}

/// <summary>A text that no other text's answer serves.</summary>
internal sealed record TextLine(string Text) : DataLine
{
    public override string Kind => "raw texts";
}

/// <summary>A question within a conversation, and the question that means the same without it.</summary>
internal sealed record TurnLine(IReadOnlyList<string> History, string Question, string Rewrite) : DataLine
{
    public override string Kind => "multi-turn questions";
}
