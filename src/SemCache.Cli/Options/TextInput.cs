using System.Text;
using Google.Protobuf;
using SemCache.V1;

namespace SemCache.Cli.Options;

/// <summary>Reads what a command line names: a literal, standard input (<c>-</c>) or a file.</summary>
internal static class TextInput
{
    private static readonly UTF8Encoding _strictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The prompt that is given as text, through standard input or as a file of messages.</summary>
    public static async Task<Prompt> ReadPromptAsync(
        CliEnvironment environment, string? text, string? messagesFile, CancellationToken cancellationToken)
    {
        if (messagesFile is not null)
        {
            var json = Decode(await ReadBytesAsync(environment, messagesFile, cancellationToken), messagesFile);
            return new Prompt { Conversation = ConversationJson.Parse(json, messagesFile) };
        }

        if (text != CommonOptions.StandardStream)
        {
            return new Prompt { Text = text ?? throw new UsageException("A PROMPT or --messages is required.") };
        }

        return new Prompt
        {
            Text = Decode(await ReadBytesAsync(environment, text, cancellationToken), "standard input"),
        };
    }

    /// <summary>The response: a literal, standard input or a file. It is textual if it is UTF-8.</summary>
    public static async Task<Response> ReadResponseAsync(
        CliEnvironment environment, string? text, string? file, CancellationToken cancellationToken)
    {
        var source = file ?? (text == CommonOptions.StandardStream ? text : null);
        if (source is null)
        {
            return new Response { Text = text };
        }

        var bytes = await ReadBytesAsync(environment, source, cancellationToken);
        return TryDecode(bytes, out var decoded)
            ? new Response { Text = decoded }
            : new Response { Data = UnsafeByteOperations.UnsafeWrap(bytes) };
    }

    /// <summary>The bytes of a file or, for <c>-</c>, of standard input.</summary>
    public static async Task<byte[]> ReadBytesAsync(
        CliEnvironment environment, string file, CancellationToken cancellationToken)
    {
        if (file != CommonOptions.StandardStream)
        {
            return await File.ReadAllBytesAsync(file, cancellationToken);
        }

        using var buffer = new MemoryStream();
        // A read from a terminal cannot be cancelled, only abandoned.
        await environment.Input.CopyToAsync(buffer, cancellationToken).WaitAsync(cancellationToken);
        return buffer.ToArray();
    }

    /// <summary>Decodes UTF-8 as it is, a byte order mark included; false when the bytes are not UTF-8.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out string text)
    {
        try
        {
            text = _strictUtf8.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = "";
            return false;
        }
    }

    private static string Decode(ReadOnlySpan<byte> bytes, string origin)
    {
        var mark = Encoding.UTF8.Preamble;
        return TryDecode(bytes.StartsWith(mark) ? bytes[mark.Length..] : bytes, out var text)
            ? text
            : throw new UsageException($"The text from {origin} is not UTF-8.");
    }
}
