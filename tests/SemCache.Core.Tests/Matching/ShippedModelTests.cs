using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Matching;

/// <summary>The model that ships, with everything at its defaults: what anybody would expect of it.</summary>
public sealed class ShippedModelTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private TestCache _cache = null!;

    public async ValueTask InitializeAsync() => _cache = await TestCache.StartAsync(
        _folder.Path, null, ("Model:Path", "models/semcache-mini"), ("Model:VerifierTimeout", "00:00:30"));

    [Theory]
    [InlineData("What is the capital of France?", "What's the capital of France")]
    [InlineData("What is the capital of France?", "what is the capital of france??")]
    [InlineData("How do I reset my password?", "how can I reset my password")]
    [InlineData("How do I reset my password?", "How to reset my password?")]
    [InlineData("What are the side effects of aspirin?", "what are the side effects of aspirin please")]
    [InlineData("How can I learn Python quickly?", "How do I learn Python quickly?")]
    public async Task Lookup_SameQuestionInOtherWords_Hits(string stored, string asked)
    {
        await _cache.StoreAsync(stored, "The answer.");

        LookupResult result = await _cache.LookupAsync(asked);

        Assert.Equal(LookupOutcome.SemanticHit, result.Outcome);
        Assert.InRange(result.Probability!.Value, result.Bar!.Value, 1);
    }

    [Theory]
    [InlineData("How do I turn on dark mode?", "How do I turn off dark mode?")]
    [InlineData("Convert 100 USD to EUR", "Convert 100 EUR to USD")]
    [InlineData("What is the capital of France?", "What is the capital of Germany?")]
    [InlineData("What is 15 % of 200?", "What is 25 % of 200?")]
    [InlineData("Is it safe to take aspirin during pregnancy?", "Is it not safe to take aspirin during pregnancy?")]
    [InlineData("Who won the world cup in 2014?", "Who won the world cup in 2018?")]
    [InlineData("When was Einstein born?", "Where was Einstein born?")]
    [InlineData("How do I sort a list in Python?", "How do I reverse a list in Python?")]
    [InlineData("How do I bake sourdough bread?", "What is the boiling point of water?")]
    [InlineData("git push origin main", "git push --force origin main")]
    public async Task Lookup_AnotherQuestion_Misses(string stored, string asked)
    {
        await _cache.StoreAsync(stored, "The answer.");

        LookupResult result = await _cache.LookupAsync(asked);

        Assert.Equal(LookupOutcome.Miss, result.Outcome);
    }

    public async ValueTask DisposeAsync()
    {
        await _cache.DisposeAsync();
        _folder.Dispose();
    }
}
