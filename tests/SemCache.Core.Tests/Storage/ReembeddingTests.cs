using Microsoft.Extensions.Logging;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage;

public sealed class ReembeddingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_WithAnotherModel_EmbedsEveryEntryAgainAndOnlyOnce()
    {
        await FillAsync(TestModels.Default);

        await using (TestCache other = await StartAsync(TestModels.Fixture("tiny-bert-mean")))
        {
            Assert.Contains(other.Logs.At(LogLevel.Information), IsReembedding);
            await AssertServesAsync(other);
        }

        await using (TestCache again = await StartAsync(TestModels.Fixture("tiny-bert-mean")))
        {
            Assert.DoesNotContain(again.Logs.At(LogLevel.Information), IsReembedding);
            await AssertServesAsync(again);
        }

        await using TestCache back = await StartAsync(TestModels.Default);
        Assert.Contains(back.Logs.At(LogLevel.Information), IsReembedding);
        await AssertServesAsync(back);
        Assert.Equal(
            LookupOutcome.SemanticHit, (await back.LookupAsync("What's the capital of France")).Outcome);
    }

    private static bool IsReembedding(string message) => message.Contains("embedded by another model", StringComparison.Ordinal);

    private static async Task AssertServesAsync(TestCache cache)
    {
        Assert.Equal("Paris", (await cache.LookupAsync("What is the capital of France?")).Entry!.Response.Text);

        // The accented spelling has the same tokens, hence the same vector in every model, but another text.
        LookupResult similar = await cache.LookupAsync("What is the c\u00e0pital of France?");
        Assert.Equal(LookupOutcome.SemanticHit, similar.Outcome);
        Assert.Equal(1, similar.Similarity, 1e-5);
        Assert.Equal(MissReason.OverWindow, (await cache.LookupAsync(Long + "x")).MissReason);
        Assert.Equal(LookupOutcome.ExactHit, (await cache.LookupAsync(Long)).Outcome);
    }

    private static string Long { get; } = string.Join(' ', Enumerable.Repeat("word", 500));

    private async Task FillAsync(string model)
    {
        await using TestCache cache = await StartAsync(model);
        await cache.StoreAsync("What is the capital of France?", "Paris");
        await cache.StoreAsync(Long, "long");
        for (int i = 0; i < 100; i++)
        {
            await cache.StoreAsync($"entry {i}", $"{i}");
        }
    }

    private Task<TestCache> StartAsync(string model) => TestCache.StartAsync(_folder.Path, null, ("Model:Path", model));
}
