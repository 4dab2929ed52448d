using System.Text.Json;
using SemCache.Cli.Transfer;

namespace SemCache.Cli.Evaluation.Data;

/// <summary>A file of JSON lines to evaluate with; its first line says which kind of lines it has.</summary>
/// <param name="Name">The file's name without folder and ending.</param>
/// <param name="Lines">Its lines, at least one, all of one kind.</param>
internal sealed record DataFile(string Name, IReadOnlyList<DataLine> Lines)
{
    public string Kind => Lines[0].Kind;

    /// <exception cref="UsageException">A line is not what it should be; names file, line and field.</exception>
    public static async Task<DataFile> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(path);
        List<DataLine> lines = [];
        await foreach (var line in Utf8LineReader.ReadAsync(stream, cancellationToken))
        {
            if (line.Bytes.AsSpan().Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            var read = Parse(path, line);
            if (lines.Count > 0 && lines[0].Kind != read.Kind)
            {
                throw new UsageException(
                    $"{path}, line {line.Number} is of another kind ({read.Kind}) than the first ({lines[0].Kind}); "
                    + "give each kind a file of its own.");
            }

            lines.Add(read);
        }

        return lines.Count > 0
            ? new DataFile(Path.GetFileNameWithoutExtension(path), lines)
            : throw new UsageException($"{path} has no lines.");
    }

    /// <summary>The file's lines, which must be of one kind.</summary>
    /// <exception cref="UsageException">They are of another.</exception>
    public IEnumerable<T> LinesOf<T>(string purpose)
        where T : DataLine =>
        Lines[0] is T ? Lines.Cast<T>() : throw new UsageException($"{Name} has {Kind}, which cannot be {purpose}.");

    private static DataLine Parse(string path, Utf8Line line)
    {
        try
        {
            using var document = JsonDocument.Parse(line.Bytes);
            return DataLineParser.Parse(document.RootElement);
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
