using System.Collections.Concurrent;
using SemCache.LoadTest.Serving;
using SemCache.LoadTest.Texts;
using SemCache.V1;

namespace SemCache.LoadTest.Load;

/// <summary>Stores of prompts that were never seen; each answer promises durability.</summary>
internal sealed class StoreScenario(string inNamespace, IReadOnlyList<string> texts, int responseBytes)
    : Scenario("store")
{
    private readonly ConcurrentBag<int> _acknowledged = [];
    private int _next = -1;

    public override async Task<string?> CallAsync(
        ServerConnection connection, Random random, CancellationToken cancellation)
    {
        int number = Interlocked.Increment(ref _next);
        StoreRequest request = Requests.Store(inNamespace, PromptOf(number), Responses.Of(number, responseBytes));
        StoreResponse answer = await connection.Cache.StoreAsync(request, cancellationToken: cancellation);
        if (answer.EntryId.Length == 0)
        {
            return $"not admitted: {answer.Message}";
        }

        _acknowledged.Add(number);
        return null;
    }

    /// <summary>Looks up a sample of what was acknowledged.</summary>
    /// <returns>What is wrong with each answer that is.</returns>
    public async Task<IReadOnlyList<string>> ReadBackAsync(
        ServerConnections connections, int concurrency, int sample, CancellationToken cancellation)
    {
        int[] numbers = [.. _acknowledged.Take(sample)];
        string?[] checks = await connections.CheckAllAsync(
            concurrency, numbers.Length, i => ProbeOf(numbers[i]), cancellation);
        return [.. checks.OfType<string>()];
    }

    private Probe ProbeOf(int number) => new(
        Requests.Lookup(inNamespace, PromptOf(number)), Outcome.ExactHit, Responses.Of(number, responseBytes));

    // The number keeps prompts apart after the texts have come round.
    private string PromptOf(int number) => $"{texts[number % texts.Count]} ({number})";
}
