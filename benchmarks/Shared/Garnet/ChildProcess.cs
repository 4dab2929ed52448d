using System.ComponentModel;
using System.Diagnostics;

namespace SemCache.Benchmarks;

/// <summary>A process of a peer that is spoken to in lines. It ends when its standard input is closed.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int TailLines = 20;
    private static readonly TimeSpan _stopPatience = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly Queue<string> _tail = new();

    private ChildProcess(Process process) => _process = process;

    /// <summary>Bytes of it that are in memory.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts a program.</summary>
    /// <exception cref="NotMeasuredException">There is none of that name.</exception>
    public static ChildProcess Start(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            var child = new ChildProcess(new Process { StartInfo = start });
            child._process.ErrorDataReceived += (_, line) => child.Remember(line.Data);
            child._process.Start();
            child._process.BeginErrorReadLine();
            return child;
        }
        catch (Win32Exception problem)
        {
            throw new NotMeasuredException($"{program} cannot be started: {problem.Message}", problem);
        }
    }

    /// <summary>Writes a line.</summary>
    /// <exception cref="NotMeasuredException">It has ended.</exception>
    public async Task WriteLineAsync(string line, CancellationToken cancellation)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellation);
            await _process.StandardInput.FlushAsync(cancellation);
        }
        catch (IOException problem)
        {
            throw new NotMeasuredException($"It does not listen any more.{Tail}", problem);
        }
    }

    /// <summary>Reads the next line.</summary>
    /// <exception cref="NotMeasuredException">It has ended.</exception>
    public async Task<string> ReadLineAsync(CancellationToken cancellation)
    {
        if (await _process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            return line;
        }

        await _process.WaitForExitAsync(cancellation);
        throw new NotMeasuredException($"It ended with exit code {_process.ExitCode}.{Tail}");
    }

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>Its exit code, and the last lines that it wrote to standard error.</returns>
    public async Task<(int ExitCode, string Errors)> WaitAsync(CancellationToken cancellation)
    {
        await _process.StandardOutput.ReadToEndAsync(cancellation);
        await _process.WaitForExitAsync(cancellation);
        return (_process.ExitCode, Tail);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            using var patience = new CancellationTokenSource(_stopPatience);
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (Exception problem) when (problem is OperationCanceledException or IOException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private string Tail
    {
        get
        {
            lock (_tail)
            {
                return string.Concat(_tail.Select(line => "\n  " + line));
            }
        }
    }

    private void Remember(string? line)
    {
        lock (_tail)
        {
            if (line is not null)
            {
                _tail.Enqueue(line);
            }

            if (_tail.Count > TailLines)
            {
                _tail.Dequeue();
            }
        }
    }
}
