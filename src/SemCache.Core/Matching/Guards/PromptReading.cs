namespace SemCache.Core.Matching.Guards;

/// <summary>A prompt as guards read it: its text and what was recognised in it, read once for all guards.</summary>
/// <param name="text">The canonical text of the prompt.</param>
public sealed class PromptReading(string text)
{
    /// <summary>The canonical text of the prompt.</summary>
    public string Text { get; } = text;
}
