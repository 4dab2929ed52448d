using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SemCache.Server.Tests.Fixtures;

/// <summary>Keeps what a server logs, so that an error nobody expected fails the test.</summary>
public sealed class LogCollector : ILoggerProvider
{
    private readonly ConcurrentQueue<Line> _lines = new();
    private readonly ConcurrentBag<int> _expected = [];

    public IEnumerable<Line> Lines => _lines;

    /// <summary>Allows errors with this event id.</summary>
    public void Expect(int eventId) => _expected.Add(eventId);

    public void AssertNothingUnexpected() => Assert.DoesNotContain(
        _lines, line => line.Level >= LogLevel.Error && !_expected.Contains(line.EventId));

    public ILogger CreateLogger(string categoryName) => new Collector(categoryName, _lines);

    public void Dispose()
    {
    }

    public sealed record Line(string Category, LogLevel Level, int EventId, string Text);

    private sealed class Collector(string category, ConcurrentQueue<Line> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(new Line(category, logLevel, eventId.Id, $"{formatter(state, exception)} {exception}"));
    }
}
