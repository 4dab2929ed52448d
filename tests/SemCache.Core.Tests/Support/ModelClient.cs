using System.Globalization;

namespace SemCache.Core.Tests.Support;

/// <summary>
/// A caller that stores, replaces and invalidates at random in a namespace of its own, one operation after the other, and
/// knows what the cache must hold: a naive model of it.
/// </summary>
internal sealed class ModelClient(string ns, int seed)
{
    private const int Prompts = 6;

    private readonly Random _random = new(seed);
    private readonly Dictionary<string, string> _acknowledged = [];

    // What the operation that was never acknowledged may have made of a prompt; null for nothing.
    private readonly Dictionary<string, string?> _open = [];
    private int _stored;

    /// <summary>Runs operations until one is not acknowledged because of <paramref name="power"/>.</summary>
    public async Task RunAsync(SemanticCache cache, int operations, CancellationToken power)
    {
        for (int i = 0; i < operations; i++)
        {
            try
            {
                await (_random.Next(10) switch
                {
                    < 7 => StoreAsync(cache, power),
                    < 9 => InvalidateAsync(cache, Prompt(_random.Next(Prompts)), power),
                    _ => InvalidateAsync(cache, null, power),
                });
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Compares what the cache serves with the model.</summary>
    public async Task CheckAsync(SemanticCache cache)
    {
        for (int i = 0; i < Prompts; i++)
        {
            string prompt = Prompt(i);
            LookupResult result = await cache.LookupAsync(
                new LookupQuery { Namespace = ns, Prompt = Core.Prompt.FromText(prompt), Threshold = 1 });
            string? served = result.Outcome == LookupOutcome.ExactHit ? result.Entry!.Response.Text : null;
            if (served != _acknowledged.GetValueOrDefault(prompt))
            {
                Assert.True(_open.TryGetValue(prompt, out string? open), $"{ns}: {prompt} is not as acknowledged.");
                Assert.Equal(open, served);
            }
        }
    }

    private static string Prompt(int number) => string.Create(CultureInfo.InvariantCulture, $"prompt {number}");

    private async Task StoreAsync(SemanticCache cache, CancellationToken power)
    {
        string prompt = Prompt(_random.Next(Prompts));
        string response = string.Create(
            CultureInfo.InvariantCulture, $"{ns} {++_stored} {new string('x', _random.Next(12_000))}");
        _open[prompt] = response;
        await cache.StoreAsync(
            new StoreCommand
            {
                Namespace = ns,
                Prompt = Core.Prompt.FromText(prompt),
                Response = CachedResponse.FromText(response),
            },
            power);
        _acknowledged[prompt] = response;
        _open.Clear();
    }

    private async Task InvalidateAsync(SemanticCache cache, string? prompt, CancellationToken power)
    {
        foreach (string affected in prompt is null ? [.. _acknowledged.Keys] : (string[])[prompt])
        {
            _open[affected] = null;
        }

        await cache.InvalidateAsync(
            new InvalidateFilter
            {
                Namespace = ns,
                Prompt = prompt is null ? null : Core.Prompt.FromText(prompt),
                EntireNamespace = prompt is null,
            },
            power);
        foreach (string affected in _open.Keys)
        {
            _acknowledged.Remove(affected);
        }

        _open.Clear();
    }
}
