using System.Runtime.CompilerServices;
using System.Text.Json;
using SemCache.Cli.Transfer;

namespace SemCache.Cli.Evaluation.Data;

/// <summary>Reads files with a JSON value on each line; empty lines are skipped.</summary>
internal static class JsonLinesFile
{
    /// <param name="path">The file.</param>
    /// <param name="parse">Makes something of a line; what it refuses is reported with file and line.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="UsageException">A line is not what it should be; names file, line and field.</exception>
    public static async IAsyncEnumerable<(long Line, T Value)> ReadAsync<T>(
        string path, Func<JsonElement, T> parse, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(path);
        await foreach (var line in Utf8LineReader.ReadAsync(stream, cancellationToken))
        {
            if (!line.Bytes.AsSpan().Trim(" \t\r"u8).IsEmpty)
            {
                yield return (line.Number, Parse(path, line, parse));
            }
        }
    }

    private static T Parse<T>(string path, Utf8Line line, Func<JsonElement, T> parse)
    {
        try
        {
            using var document = JsonDocument.Parse(line.Bytes);
            return parse(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new UsageException($"{path}, line {line.Number} is not JSON at byte {e.BytePositionInLine}.");
        }
        catch (BadLineException e)
        {
            throw new UsageException($"{path}, line {line.Number}: {e.Message}");
        }
    }
}
