using System.Text;
using SemCache.V1;

namespace SemCache.Cli.Output;

/// <summary>
/// Shows texts that others stored. What is stored may hold escape sequences that would steer the terminal of whoever
/// looks it up, so no control character reaches a terminal.
/// </summary>
internal static class ServerText
{
    /// <summary>The text with its lines and tabs, and a visible character for every other control character.</summary>
    public static string Visible(string text) =>
        text.Any(IsSteering) ? string.Concat(text.Select(c => IsSteering(c) ? '\uFFFD' : c)) : text;

    /// <summary>The text on one line, cut to a length.</summary>
    public static string OneLine(string text, int longest)
    {
        var line = string.Join(' ', Visible(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= longest ? line : string.Concat(line.AsSpan(0, CutBefore(line, longest - 1)), "…");
    }

    /// <summary>The part of a prompt that is matched by meaning, on one line.</summary>
    public static string OneLine(Prompt? prompt, int longest) => prompt?.KindCase switch
    {
        Prompt.KindOneofCase.Text => OneLine(prompt.Text, longest),
        Prompt.KindOneofCase.Conversation => OneLine(LastUserMessage(prompt.Conversation), longest),
        _ => "",
    };

    /// <summary>A body as text when it is text, else its size and type.</summary>
    public static string Describe(Response response) => response.BodyCase switch
    {
        Response.BodyOneofCase.Text => response.Text,
        Response.BodyOneofCase.Data => $"({Humanized.Bytes(response.Data.Length)} of "
            + $"{(response.ContentType.Length > 0 ? response.ContentType : "application/octet-stream")})",
        _ => "",
    };

    /// <summary>The body's bytes as they were stored.</summary>
    public static ReadOnlyMemory<byte> Bytes(Response response) => response.BodyCase == Response.BodyOneofCase.Data
        ? response.Data.Memory
        : Encoding.UTF8.GetBytes(response.Text);

    private static string LastUserMessage(Conversation conversation) =>
        conversation.Messages
            .LastOrDefault(message => message.Role.Equals("user", StringComparison.OrdinalIgnoreCase))?.Content ?? "";

    private static bool IsSteering(char c) => char.IsControl(c) && c is not ('\n' or '\r' or '\t');

    private static int CutBefore(string text, int length) =>
        char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
}
