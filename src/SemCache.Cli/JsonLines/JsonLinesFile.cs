using System.Runtime.CompilerServices;
using System.Text.Json;
using SemCache.Cli.Transfer;

namespace SemCache.Cli.JsonLines;

/// <summary>Reads files with a JSON value on each line; empty lines are skipped.</summary>
internal static class JsonLinesFile
{
    /// <inheritdoc cref="ReadAsync{T}(Stream, string, Func{JsonElement, T}, CancellationToken)"/>
    /// <param name="path">The file.</param>
    public static async IAsyncEnumerable<(long Line, T Value)> ReadAsync<T>(
        string path, Func<JsonElement, T> parse, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = InputFile.Open(path);
        await foreach (var value in ReadAsync(stream, path, parse, cancellationToken))
        {
            yield return value;
        }
    }

    /// <summary>The values of the lines, each with its line's number, which counts from 1.</summary>
    /// <param name="stream">The lines.</param>
    /// <param name="name">What they are called in messages.</param>
    /// <param name="parse">Makes something of a line; what it refuses is reported with file and line.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="UsageException">A line is not what it should be; names file, line and field.</exception>
    public static async IAsyncEnumerable<(long Line, T Value)> ReadAsync<T>(
        Stream stream, string name, Func<JsonElement, T> parse,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in Utf8LineReader.ReadAsync(stream, cancellationToken))
        {
            if (!line.Bytes.AsSpan().Trim(" \t\r"u8).IsEmpty)
            {
                yield return (line.Number, Parse(name, line, parse));
            }
        }
    }

    private static T Parse<T>(string name, Utf8Line line, Func<JsonElement, T> parse)
    {
        try
        {
            using var document = JsonDocument.Parse(line.Bytes);
            return parse(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new UsageException($"{name}, line {line.Number} is not JSON at byte {e.BytePositionInLine}.");
        }
        catch (BadLineException e)
        {
            throw new UsageException($"{name}, line {line.Number}: {e.Message}");
        }
    }
}
