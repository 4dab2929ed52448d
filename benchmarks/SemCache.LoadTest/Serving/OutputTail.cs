using System.Diagnostics;

namespace SemCache.LoadTest.Serving;

/// <summary>The last lines that a child process wrote: what one wants to see when it did not start.</summary>
internal sealed class OutputTail
{
    private const int Kept = 40;
    private readonly Queue<string> _lines = new();

    public void Attach(Process process)
    {
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
    }

    public override string ToString()
    {
        lock (_lines)
        {
            return _lines.Count == 0 ? "" : $"{Environment.NewLine}{string.Join(Environment.NewLine, _lines)}";
        }
    }

    private void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > Kept)
            {
                _lines.Dequeue();
            }
        }
    }
}
