using SemCache.Cli.Output;
using Spectre.Console;

namespace SemCache.Cli.Transfer;

/// <summary>
/// Reports the lines that were not stored: at once on standard error for people, collected for programs. Any thread.
/// </summary>
internal sealed class ImportWarnings(CliEnvironment environment, bool json)
{
    /// <summary>More would make the JSON object as large as the imported file.</summary>
    private const int MostCollected = 1_000;

    private readonly Lock _gate = new();
    private readonly List<ImportWarning> _collected = [];

    public IReadOnlyList<ImportWarning> Collected
    {
        get
        {
            lock (_gate)
            {
                return [.. _collected.OrderBy(warning => warning.Line)];
            }
        }
    }

    public void Add(long line, string message)
    {
        lock (_gate)
        {
            if (!json)
            {
                // Through the console, which knows how to write above a live progress bar.
                environment.ErrorConsole.WriteLine($"line {line}: {ServerText.OneLine(message, 300)}");
            }
            else if (_collected.Count < MostCollected)
            {
                _collected.Add(new ImportWarning(line, message));
            }
        }
    }
}
