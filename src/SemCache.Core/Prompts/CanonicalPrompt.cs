using System.Runtime.InteropServices;

namespace SemCache.Core.Prompts;

/// <summary>
/// A prompt as it is compared: the text that is matched by hash and by meaning, and the digest of the context (every
/// other message of the conversation) that must be equal.
/// </summary>
internal sealed class CanonicalPrompt
{
    private const string UserRole = "user";

    private CanonicalPrompt(Prompt source, string text, UInt128 contextDigest)
    {
        Source = source;
        Text = text;
        ContextDigest = contextDigest;
        TextHash = Hash128.OfContent(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    /// <summary>The prompt with every text in canonical form.</summary>
    public Prompt Source { get; }

    /// <summary>The text that is matched: the prompt's, or that of the last user message.</summary>
    public string Text { get; }

    /// <summary>Hash of <see cref="Text"/>; not proof against collisions, so the stored text is always compared.</summary>
    public UInt128 TextHash { get; }

    /// <summary>Digest of the other messages with their places; 0 when there are none.</summary>
    public UInt128 ContextDigest { get; }

    /// <exception cref="InvalidRequestException">A text is empty or no Unicode, or no message has the role user.</exception>
    public static CanonicalPrompt Of(Prompt prompt) =>
        prompt.Messages is { } messages ? OfConversation(messages) : OfText(prompt.Text!, "prompt.text");

    /// <summary>The text that is matched, of a prompt that is in canonical form already.</summary>
    public static string MatchedText(Prompt canonical) =>
        canonical.Text ?? canonical.Messages!.Last(message => message.Role == UserRole).Content;

    private static CanonicalPrompt OfText(string text, string field)
    {
        string canonical = NotEmpty(CanonicalText.Of(text, field), field);
        return new CanonicalPrompt(Prompt.FromText(canonical), canonical, contextDigest: 0);
    }

    private static CanonicalPrompt OfConversation(IReadOnlyList<Message> messages)
    {
        const string field = "prompt.conversation.messages";
        var canonical = new Message[messages.Count];
        int matched = -1;
        for (int i = 0; i < messages.Count; i++)
        {
            string role = NotEmpty(CanonicalText.Of(messages[i].Role, $"{field}[{i}].role"), $"{field}[{i}].role");
            canonical[i] = new Message(
                role.ToLowerInvariant(), CanonicalText.Of(messages[i].Content, $"{field}[{i}].content"));
            matched = canonical[i].Role == UserRole ? i : matched;
        }

        if (matched < 0)
        {
            throw new InvalidRequestException(field, "has no message with the role user; allowed is at least one");
        }

        string text = NotEmpty(canonical[matched].Content, $"{field}[{matched}].content");
        return canonical.Length == 1
            ? new CanonicalPrompt(Prompt.FromText(text), text, contextDigest: 0)
            : new CanonicalPrompt(Prompt.FromConversation(canonical), text, DigestContext(canonical, matched));
    }

    private static UInt128 DigestContext(Message[] messages, int matched)
    {
        using var digest = new DigestBuilder();
        digest.Append(matched);
        digest.Append(messages.Length);
        for (int i = 0; i < messages.Length; i++)
        {
            if (i != matched)
            {
                digest.Append(messages[i].Role);
                digest.Append(messages[i].Content);
            }
        }

        return digest.ToUInt128();
    }

    private static string NotEmpty(string text, string field) =>
        text.Length > 0
            ? text
            : throw new InvalidRequestException(field, "is empty; allowed is a text with more than white space");
}
