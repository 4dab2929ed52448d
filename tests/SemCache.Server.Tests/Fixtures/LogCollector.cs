using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SemCache.Server.Tests.Fixtures;

/// <summary>Keeps what a server logs, so that an error nobody expected fails the test.</summary>
/// <param name="heldAt">Id of an event at which whoever logs it has to wait for <see cref="Release"/>.</param>
public sealed class LogCollector(int? heldAt = null) : ILoggerProvider
{
    private readonly ManualResetEventSlim _released = new();

    private readonly ConcurrentQueue<Line> _lines = new();
    private readonly ConcurrentBag<int> _expected = [];

    public IEnumerable<Line> Lines => _lines;

    /// <summary>Allows errors with this event id.</summary>
    public void Expect(int eventId) => _expected.Add(eventId);

    public void AssertNothingUnexpected() => Assert.DoesNotContain(
        _lines, line => line.Level >= LogLevel.Error && !_expected.Contains(line.EventId) && !IsOfAClientThatWentAway(line));

    /// <summary>Lets go on who is held.</summary>
    public void Release() => _released.Set();

    public ILogger CreateLogger(string categoryName) => new Collector(categoryName, this);

    public void Dispose()
    {
    }

    public sealed record Line(string Category, LogLevel Level, int EventId, string Text);

    // The gRPC library calls it an error of the method when a client gives up before its request was read.
    private static bool IsOfAClientThatWentAway(Line line) =>
        line.Category == "Grpc.AspNetCore.Server.ServerCallHandler"
        && line.Text.Contains("IOException: The client reset the request stream.", StringComparison.Ordinal);

    private void Add(Line line)
    {
        _lines.Enqueue(line);
        if (line.EventId == heldAt)
        {
            _released.Wait();
        }
    }

    private sealed class Collector(string category, LogCollector owner) : ILogger
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
            owner.Add(new Line(category, logLevel, eventId.Id, $"{formatter(state, exception)} {exception}"));
    }
}
