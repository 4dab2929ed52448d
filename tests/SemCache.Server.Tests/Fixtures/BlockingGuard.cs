using System.Threading.Channels;
using SemCache.Core.Matching.Guards;

namespace SemCache.Server.Tests.Fixtures;

/// <summary>A guard that has nothing against any hit, and keeps whoever asks it until the test lets him go.</summary>
internal sealed class BlockingGuard : IGuard, IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(40);

    private readonly SemaphoreSlim _let = new(0);
    private readonly Channel<string> _come = Channel.CreateUnbounded<string>();

    public string Name => "blocking";

    public GuardFinding Compare(PromptReading asked, PromptReading stored)
    {
        _come.Writer.TryWrite(asked.Text);
        Assert.True(_let.Wait(_patience), "The test has left somebody in the guard.");
        return GuardFinding.Pass;
    }

    /// <summary>The prompt of the next search that comes to the guard.</summary>
    public async Task<string> NextAsync()
    {
        using var patience = new CancellationTokenSource(_patience);
        return await _come.Reader.ReadAsync(patience.Token);
    }

    /// <summary>Lets searches go, those that come later included.</summary>
    public void Let(int searches) => _let.Release(searches);

    public void Dispose() => _let.Dispose();
}
