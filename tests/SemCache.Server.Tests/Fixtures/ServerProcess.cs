using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SemCache.Server.Tests.Fixtures;

/// <summary>The server as a process of its own, which can be killed.</summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    private const int Sigterm = 15;
    private const string Listening = "Now listening on: ";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Clients? _clients;

    private ServerProcess(string dataFolder, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "SemCache.Server.dll") },
            Environment =
            {
                ["Kestrel__Endpoints__Grpc__Url"] = "http://127.0.0.1:0",
                ["Kestrel__Endpoints__Http__Url"] = "http://127.0.0.1:0",
                ["SemCache__Storage__Path"] = dataFolder,
                ["SemCache__Model__Path"] = "models/semcache-mini-v0",
            },
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => OnOutput(line.Data);
        _process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Clients Clients => _clients ?? throw new InvalidOperationException("The server does not listen.");

    /// <summary>Everything that was written to the standard output.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Everything that was written to the standard error.</summary>
    public string Errors => string.Join('\n', _errors).Trim();

    /// <summary>Starts a server and waits until it is ready.</summary>
    public static async Task<ServerProcess> StartAsync(string dataFolder, params string[] arguments)
    {
        var server = new ServerProcess(dataFolder, arguments);
        Task exited = server._process.WaitForExitAsync();
        await Task.WhenAny(server._listening.Task, exited).WaitAsync(_patience);
        Assert.False(exited.IsCompleted, $"The server did not start:\n{server.Output}\n{server.Errors}");
        Uri[] addresses = [.. server._output.Where(line => line.Contains(Listening, StringComparison.Ordinal))
            .Select(line => new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..]))];
        server._clients = new Clients(addresses[0], addresses[1]);
        await server._clients.ReadyAsync();
        return server;
    }

    /// <summary>Starts a server and kills it, wherever it has got to by then.</summary>
    public static async Task StartAndKillAsync(string dataFolder, TimeSpan after, params string[] arguments)
    {
        await using var server = new ServerProcess(dataFolder, arguments);
        await Task.Delay(after);
        Assert.False(server._process.HasExited, $"The server did not start:\n{server.Output}\n{server.Errors}");
    }

    /// <summary>Starts a server that is expected to end by itself, and waits for its end.</summary>
    public static async Task<ServerProcess> RunToEndAsync(string dataFolder, params string[] arguments)
    {
        var server = new ServerProcess(dataFolder, arguments);
        await server._process.WaitForExitAsync().WaitAsync(_patience);
        return server;
    }

    public int ExitCode => _process.ExitCode;

    /// <summary>SIGKILL: the process gets no chance to do anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM: asks the process to stop; waits until it has.</summary>
    public async Task TerminateAsync(int times = 1)
    {
        for (int i = 0; i < times; i++)
        {
            RequestStop();
        }

        await _process.WaitForExitAsync().WaitAsync(_patience);
    }

    /// <summary>SIGTERM: asks the process to stop.</summary>
    public void RequestStop() => Assert.Equal(0, Signal(_process.Id, Sigterm));

    public async ValueTask DisposeAsync()
    {
        _clients?.Dispose();
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void OnOutput(string? line)
    {
        _output.Enqueue(line ?? "");
        if (_output.Count(seen => seen.Contains(Listening, StringComparison.Ordinal)) == 2)
        {
            _listening.TrySetResult();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int processId, int signal);
}
