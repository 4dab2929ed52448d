using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SemCache.Core;
using SemCache.LoadTest.Texts;
using SemCache.StorageBench.Commands;

namespace SemCache.StorageBench.Appends;

/// <summary>
/// The whole store of the engine, without the model: every prompt was looked up before, and its store names that decision,
/// whose embedding it takes.
/// </summary>
/// <remarks>
/// The prompts are a thousand, in one partition, which is scanned and never linked: a store replaces the entry of the store
/// before it. All writers share the partition's gate.
/// </remarks>
internal sealed class StoreTarget : IAppendTarget
{
    private const int Prompts = 1_024;

    private readonly LogFolder _folder;
    private readonly ServiceProvider _services;
    private readonly SemanticCache _cache;
    private readonly List<StoreCommand> _commands = [];

    private StoreTarget(string parent)
    {
        _folder = new LogFolder(parent);
        IConfigurationRoot configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
            [
                new("SemCache:Storage:Path", _folder.Path),
                // One namespace gets half of them.
                new("SemCache:Limits:MaxConcurrentStores", $"{2 * AppendsCommand.MostWriters}"),
            ])
            .Build();
        _services = new ServiceCollection().AddSemCache(configuration).BuildServiceProvider();
        _cache = _services.GetRequiredService<SemanticCache>();
    }

    /// <summary>Starts the engine and asks for every prompt.</summary>
    public static async Task<StoreTarget> StartAsync(string parent, int responseBytes, CancellationToken cancellation)
    {
        var target = new StoreTarget(parent);
        try
        {
            await target._cache.StartAsync(cancellation);
            await target.AskAsync(responseBytes, cancellation);
            return target;
        }
        catch
        {
            await target.DisposeAsync();
            throw;
        }
    }

    // Writers begin far apart, and each takes every prompt in turn.
    public async ValueTask AppendAsync(int writer, int number) =>
        await _cache.StoreAsync(_commands[((writer * 31) + number) % _commands.Count]);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    private async Task AskAsync(int responseBytes, CancellationToken cancellation)
    {
        foreach (string text in QuestionGenerator.Take(Prompts))
        {
            Prompt prompt = Prompt.FromText(text);
            LookupResult miss = await _cache.LookupAsync(new LookupQuery { Prompt = prompt }, cancellation);
            _commands.Add(new StoreCommand
            {
                Prompt = prompt,
                Response = CachedResponse.FromText(Responses.Of(_commands.Count, responseBytes)),
                DecisionId = miss.DecisionId,
            });
        }
    }
}
