using SemCache.Core;

namespace SemCache.Cli.Evaluation.Data;

/// <summary>A prompt of an evaluation.</summary>
/// <param name="Prompt">What is asked.</param>
/// <param name="Class">One answer serves all prompts of a class, and no other.</param>
/// <param name="ClassName">The class as the data calls it; empty when it has no name.</param>
internal sealed record Asked(Prompt Prompt, int Class, string ClassName = "")
{
    /// <summary>The prompt as people read it.</summary>
    public string Shown { get; } = Show(Prompt);

    /// <summary>A prompt as people read it; of a conversation, every turn.</summary>
    public static string Show(Prompt prompt) =>
        prompt.Text ?? string.Join(" ⏎ ", prompt.Messages!.Select(message => message.Content));

    /// <summary>A question behind what was said before it, which ends with an answer; alone after nothing.</summary>
    public static Prompt Conversation(IReadOnlyList<string> history, string question)
    {
        if (history.Count == 0)
        {
            return Prompt.FromText(question);
        }

        var messages = history.Select((text, i) =>
            new Message((history.Count - i) % 2 == 0 ? "user" : "assistant", text));
        return Prompt.FromConversation([.. messages, new Message("user", question)]);
    }
}
