using SemCache.Cli.JsonLines;

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
        List<DataLine> lines = [];
        await foreach (var (number, line) in JsonLinesFile.ReadAsync(path, DataLineParser.Parse, cancellationToken))
        {
            if (lines.Count > 0 && lines[0].Kind != line.Kind)
            {
                throw new UsageException(
                    $"{path}, line {number} is of another kind ({line.Kind}) than the first ({lines[0].Kind}); "
                    + "give each kind a file of its own.");
            }

            lines.Add(line);
        }

        return lines.Count > 0
            ? new DataFile(Path.GetFileNameWithoutExtension(path), lines)
            : throw new UsageException($"{path} has no lines.");
    }
}
