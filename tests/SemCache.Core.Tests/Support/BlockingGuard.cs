using SemCache.Core.Matching.Guards;

namespace SemCache.Core.Tests.Support;

/// <summary>A guard that has nothing against any hit, and keeps whoever asks it until the test lets him go.</summary>
internal sealed class BlockingGuard : IGuard, IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _let = new(0);
    private readonly SemaphoreSlim _come = new(0);

    public string Name => "blocking";

    public GuardFinding Compare(PromptReading asked, PromptReading stored)
    {
        _come.Release();
        Assert.True(_let.Wait(_patience), "The test has left somebody in the guard.");
        return GuardFinding.Pass;
    }

    /// <summary>Ends when one more search has come to the guard.</summary>
    public async Task SearchAsync() =>
        Assert.True(await _come.WaitAsync(_patience), "No search has come to the guard.");

    /// <summary>Lets searches go, those that come later included.</summary>
    public void Let(int searches) => _let.Release(searches);

    public void Dispose()
    {
        _let.Dispose();
        _come.Dispose();
    }
}
