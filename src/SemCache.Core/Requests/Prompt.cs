namespace SemCache.Core;

/// <summary>One message of a conversation.</summary>
/// <param name="Role">Who speaks: system, user, assistant, tool … Compared without regard to case.</param>
/// <param name="Content">What is said.</param>
public sealed record Message(string Role, string Content);

/// <summary>What a model is asked: one text, or a conversation.</summary>
/// <remarks>
/// The last user message of a conversation is the text that is matched by meaning; every other message must match
/// exactly. A conversation of a single user message is the same prompt as that text alone.
/// </remarks>
public sealed class Prompt
{
    private Prompt(string? text, IReadOnlyList<Message>? messages)
    {
        Text = text;
        Messages = messages;
    }

    /// <summary>The text; null for a conversation.</summary>
    public string? Text { get; }

    /// <summary>The messages of a conversation; null for a text.</summary>
    public IReadOnlyList<Message>? Messages { get; }

    /// <summary>A prompt of one text.</summary>
    public static Prompt FromText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new Prompt(text, null);
    }

    /// <summary>A prompt of several messages, in the order in which they were said.</summary>
    public static Prompt FromConversation(IReadOnlyList<Message> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return new Prompt(null, messages);
    }
}
