using SemCache.LoadTest.Targets;

namespace SemCache.LoadTest.Tests.Targets;

/// <summary>A target that answers as a test says. Calls are counted before they are answered.</summary>
internal sealed class FakeTarget(string name, Func<int, Task<CallOutcome>> answer) : ITarget
{
    private int _calls;

    public string Name => name;

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>A target that answers at once.</summary>
    public static FakeTarget Of(string name, CallOutcome outcome) => new(name, _ => Task.FromResult(outcome));

    public Task<CallOutcome> CallAsync(int lane, Random random, CancellationToken cancellation) =>
        answer(Interlocked.Increment(ref _calls));
}
