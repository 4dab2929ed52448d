namespace SemCache.Cli.Models.Bench;

/// <summary>
/// Measures models against each other. Rounds are paired: every model is measured in each, so that whatever else the
/// machine does meanwhile falls on all of them; and with texts that all of them read.
/// </summary>
internal static class ModelBench
{
    public const int DefaultRounds = 5;

    /// <exception cref="UsageException">No text is read by all models.</exception>
    /// <exception cref="SemCache.Core.CacheStartupException">A model cannot be used.</exception>
    public static async Task<BenchSummary> RunAsync(
        IReadOnlyList<string> folders, string[] texts, int threads, int rounds, CancellationToken cancellationToken)
    {
        List<BenchedModel> models = [];
        try
        {
            foreach (var folder in folders)
            {
                models.Add(await BenchedModel.LoadAsync(folder, texts, threads, cancellationToken));
            }

            string[] read = [.. texts.Where(text => models.All(model => model.Reads(text)))];
            if (read.Length == 0)
            {
                throw new UsageException(
                    "There is no text that all of the models read: each is over a window, or has words that a "
                    + "vocabulary cannot spell.");
            }

            for (var round = 0; round < rounds; round++)
            {
                foreach (var model in models)
                {
                    await model.RunRoundAsync(read, cancellationToken);
                }
            }

            return new(
                read.Length, threads, rounds, LoadedModel.BatchSize,
                [.. models.Select(model => model.Result(models[0], read))]);
        }
        finally
        {
            foreach (var model in models)
            {
                await model.DisposeAsync();
            }
        }
    }
}
