using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SemCache.Core.Tests.Support;

/// <summary>Keeps what was logged, so that a test can ask for it.</summary>
internal sealed class CollectedLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Message)> _events = new();

    public IEnumerable<string> At(LogLevel level) => _events.Where(e => e.Level == level).Select(e => e.Message);

    /// <summary>Called with every message before it is kept. What it throws, whoever logs it meets.</summary>
    public Action<string>? OnMessage { get; set; }

    public ILogger CreateLogger(string categoryName) => new Collector(this);

    public void Dispose()
    {
    }

    private sealed class Collector(CollectedLogs logs) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            string message = formatter(state, exception);
            logs.OnMessage?.Invoke(message);
            logs._events.Enqueue((logLevel, message));
        }
    }
}
