using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SemCache.Cli.Models;

/// <summary>
/// Sets one value in the text of a configuration file and leaves every other byte as it is: comments, order, spaces.
/// </summary>
internal static class ConfigurationEdit
{
    private const string Separator = ":";
    private const int Indentation = 2;

    private static readonly JsonReaderOptions _reading =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly JsonSerializerOptions _writing =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Sets a value, adding the objects around it where they are missing.</summary>
    /// <param name="file">What the file holds; nothing when there is none yet.</param>
    /// <param name="key">
    /// The key as configuration spells it: <c>SemCache:Model:Path</c>. Its case does not matter.
    /// </param>
    /// <param name="value">The value.</param>
    /// <exception cref="JsonException">The file is no JSON.</exception>
    /// <exception cref="UsageException">The file has something else where the key belongs.</exception>
    public static byte[] Set(ReadOnlySpan<byte> file, string key, string value)
    {
        var preamble = file.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var text = file[preamble..];
        if (text.Trim(" \t\r\n"u8).IsEmpty)
        {
            text = "{}\n"u8;
        }

        var place = Find(text, key);
        return
        [
            .. file[..preamble], .. text[..place.Start], .. Encoding.UTF8.GetBytes(place.Write(value)),
            .. text[place.End..],
        ];
    }

    private static Place Find(ReadOnlySpan<byte> text, string key)
    {
        var reader = new Utf8JsonReader(text, _reading);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new UsageException("The configuration is no JSON object.");
        }

        Stack<string> open = [];
        var best = Place.Inside(text, ref reader, "", key);
        var found = default(Place?);
        open.Push("");
        // To the end, although the place may be known before: what is no JSON must not be written to.
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                open.Pop();
                continue;
            }

            var path = open.Peek() + reader.GetString();
            reader.Read();
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            if (path.Equals(key, StringComparison.OrdinalIgnoreCase))
            {
                found = isObject || reader.TokenType == JsonTokenType.StartArray
                    ? throw new UsageException($"{path} is no text in the configuration.")
                    : new Place((int)reader.TokenStartIndex, (int)reader.BytesConsumed, [], 0, IsEmpty: false);
            }
            else if (!key.StartsWith(path + Separator, StringComparison.OrdinalIgnoreCase))
            {
                reader.Skip();
            }
            else if (isObject)
            {
                open.Push(path + Separator);
                var inside = Place.Inside(text, ref reader, path + Separator, key);
                best = inside.Missing.Length < best.Missing.Length ? inside : best;
            }
            else
            {
                throw new UsageException($"{path} is no object in the configuration.");
            }
        }

        return found ?? best;
    }

    /// <summary>The bytes to replace, and what is missing around the value that replaces them.</summary>
    /// <param name="Missing">The names of the properties to add, outermost first; none when the value exists.</param>
    /// <param name="Depth">How deep the first of them is, 1 in the outermost object.</param>
    /// <param name="IsEmpty">Whether they are alone in their object.</param>
    private sealed record Place(int Start, int End, string[] Missing, int Depth, bool IsEmpty)
    {
        // The first place of an object, when the reader is at its opening brace.
        public static Place Inside(ReadOnlySpan<byte> text, ref Utf8JsonReader reader, string path, string key)
        {
            var start = (int)reader.BytesConsumed;
            var ahead = reader;
            ahead.Read();
            var isEmpty = ahead.TokenType == JsonTokenType.EndObject;
            var space = (int)ahead.TokenStartIndex - start;
            var end = isEmpty && text.Slice(start, space).Trim(" \t\r\n"u8).IsEmpty ? start + space : start;
            return new(start, end, key[path.Length..].Split(Separator), reader.CurrentDepth + 1, isEmpty);
        }

        public string Write(string value)
        {
            var text = new StringBuilder();
            for (var i = 0; i < Missing.Length; i++)
            {
                NewLine(text, Depth + i);
                text.Append(Quote(Missing[i])).Append(": ").Append(i < Missing.Length - 1 ? "{" : "");
            }

            text.Append(Quote(value));
            for (var i = Missing.Length - 1; i > 0; i--)
            {
                NewLine(text, Depth + i - 1);
                text.Append('}');
            }

            if (IsEmpty)
            {
                NewLine(text, Depth - 1);
            }
            else if (Missing.Length > 0)
            {
                text.Append(',');
            }

            return text.ToString();
        }

        private static void NewLine(StringBuilder text, int depth) =>
            text.Append('\n').Append(' ', Indentation * depth);

        private static string Quote(string text) => JsonSerializer.Serialize(text, _writing);
    }
}
