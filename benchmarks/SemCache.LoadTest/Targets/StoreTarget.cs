using System.Collections.Concurrent;
using SemCache.LoadTest.Serving;
using SemCache.LoadTest.Texts;
using SemCache.V1;

namespace SemCache.LoadTest.Targets;

/// <summary>Stores of prompts that were never seen; each answer promises durability.</summary>
internal sealed class StoreTarget(
    string name, ServerConnections connections, string inNamespace, IReadOnlyList<string> texts, int responseBytes)
    : GrpcTarget(name, connections)
{
    private readonly ServerConnections _connections = connections;
    private readonly ConcurrentBag<int> _acknowledged = [];
    private int _next = -1;

    /// <summary>Looks up a sample of what was acknowledged.</summary>
    /// <returns>What is wrong with each answer that is.</returns>
    public async Task<IReadOnlyList<string>> ReadBackAsync(
        int concurrency, int sample, CancellationToken cancellation)
    {
        int[] numbers = [.. _acknowledged.Take(sample)];
        string?[] checks = await _connections.CheckAllAsync(
            concurrency, numbers.Length, i => ProbeOf(numbers[i]), cancellation);
        return [.. checks.OfType<string>()];
    }

    /// <summary>A request as large as those to come.</summary>
    public StoreRequest Sample() => RequestOf(0);

    protected override Task<CallOutcome> AskAsync(
        ServerConnection connection, Random random, CancellationToken cancellation)
    {
        int number = Interlocked.Increment(ref _next);
        return EndAsync(
            connection.Cache.StoreAsync(RequestOf(number), cancellationToken: cancellation),
            (Target: this, Number: number),
            static (answer, store) => store.Target.Note(answer, store.Number),
            cancellation);
    }

    private CallOutcome Note(StoreResponse answer, int number)
    {
        if (answer.EntryId.Length == 0)
        {
            return CallOutcome.Answered($"not admitted: {answer.Message}");
        }

        _acknowledged.Add(number);
        return default;
    }

    private StoreRequest RequestOf(int number) =>
        Requests.Store(inNamespace, PromptOf(number), Responses.Of(number, responseBytes));

    private Probe ProbeOf(int number) => new(
        Requests.Lookup(inNamespace, PromptOf(number)), Outcome.ExactHit, Responses.Of(number, responseBytes));

    // The number keeps prompts apart after the texts have come round.
    private string PromptOf(int number) => $"{texts[number % texts.Count]} ({number})";
}
