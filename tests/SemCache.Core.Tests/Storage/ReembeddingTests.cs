using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using SemCache.Core.Partitions.Snapshots;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage;

public sealed class ReembeddingTests : IDisposable
{
    private const int Entries = 102;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_WithAnotherModel_EmbedsEveryEntryAgainAndOnlyOnce(bool withSnapshot)
    {
        await FillAsync(TestModels.Default);

        await using (TestCache other = await StartAsync(TestModels.Fixture("tiny-bert-mean"), withSnapshot))
        {
            await AssertServesAsync(other);
            Assert.Equal(Entries, EmbeddedAgain(other));
        }

        await using (TestCache again = await StartAsync(TestModels.Fixture("tiny-bert-mean"), withSnapshot))
        {
            await AssertServesAsync(again);
            Assert.Equal(0, EmbeddedAgain(again));
        }

        await using TestCache back = await StartAsync(TestModels.Default, withSnapshot);
        await AssertServesAsync(back);
        Assert.Equal(Entries, EmbeddedAgain(back));
        Assert.Equal(
            LookupOutcome.SemanticHit, (await back.LookupAsync("What's the capital of France")).Outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_AfterEmbeddingWasInterrupted_GoesOnWithWhatIsLeft(bool withSnapshot)
    {
        await FillAsync(TestModels.Default);
        string other = TestModels.Fixture("tiny-bert-mean");
        long left;
        await using (TestCache interrupted = await StartAsync(other, withSnapshot, ("Model:ReembedRate", "100")))
        {
            // The clock stands still: after every ten entries, embedding waits for it.
            await TurnAsync(interrupted);
            interrupted.Time.Advance(TimeSpan.FromMilliseconds(100));
            await TurnAsync(interrupted);
            Assert.Equal("Paris", (await interrupted.LookupAsync("What is the capital of France?")).Entry!.Response.Text);
            await interrupted.StoreAsync("stored meanwhile", "yes");
            left = interrupted.Cache.EntriesWithoutVector;
            Assert.Equal(left, Assert.Single(interrupted.Cache.GetStats()).WithoutVector);
        }

        Assert.InRange(left, Entries - 20, Entries - 10);
        await using TestCache again = await StartAsync(other, withSnapshot);
        await AssertServesAsync(again);
        Assert.Equal(left, EmbeddedAgain(again));
        Assert.Equal(LookupOutcome.ExactHit, (await again.LookupAsync("stored meanwhile")).Outcome);
    }

    // How many entries the log says were embedded again; the event is the last, after the last vector.
    private static int EmbeddedAgain(TestCache cache) => cache.Logs.At(LogLevel.Information)
        .Select(message => Regex.Match(message, "([0-9]+) embedded again$"))
        .Where(match => match.Success)
        .Select(match => int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture))
        .LastOrDefault();

    private static async Task TurnAsync(TestCache cache)
    {
        long before = cache.Cache.EntriesWithoutVector;
        for (int i = 0; i < 200 && cache.Cache.EntriesWithoutVector > before - 10; i++)
        {
            await Task.Delay(10);
        }
    }

    private static async Task CompleteAsync(TestCache cache)
    {
        for (int i = 0; i < 1000 && cache.Cache.EntriesWithoutVector > 0; i++)
        {
            cache.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(10);
        }

        Assert.Equal(0, cache.Cache.EntriesWithoutVector);
        await Task.Delay(50);
    }

    private static async Task AssertServesAsync(TestCache cache)
    {
        await CompleteAsync(cache);
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
        for (int i = 0; i < Entries - 2; i++)
        {
            await cache.StoreAsync($"entry {i}", $"{i}");
        }
    }

    private Task<TestCache> StartAsync(
        string model, bool withSnapshot = true, params (string Key, string Value)[] options)
    {
        if (!withSnapshot)
        {
            File.Delete(Path.Combine(_folder.Path, EntrySnapshots.FileName));
        }

        return TestCache.StartAsync(_folder.Path, null, [("Model:Path", model), .. options]);
    }
}
