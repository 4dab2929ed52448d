using System.Globalization;
using Google.Protobuf.WellKnownTypes;

namespace SemCache.Server.Tests.Durability.KillLoop;

/// <summary>
/// Stores, replaces, invalidates and looks up prompts in a partition of its own, one call after the other, and keeps their
/// history. All writers ask the same questions: only namespace and scope tell whose entry is whose.
/// </summary>
/// <param name="number">Chooses the namespace, and is the scope.</param>
/// <param name="seed">Chooses the operations.</param>
/// <param name="history">What was asked for so far.</param>
/// <param name="mayEvict">Whether the server may have evicted what it should have.</param>
internal sealed class KillWriter(int number, int seed, WriterHistory history, bool mayEvict)
{
    /// <summary>Prompts of each writer: enough for a graph.</summary>
    public const int Prompts = 120;

    private const int Namespaces = 4;
    private const int Groups = 40;

    private readonly string _namespace = string.Create(CultureInfo.InvariantCulture, $"ns-{number % Namespaces}");
    private readonly string _scope = number.ToString(CultureInfo.InvariantCulture);
    private readonly Random _random = new(seed);

    private int _version;

    public WriterHistory History => history;

    public int Stores { get; private set; }

    public int Removals { get; private set; }

    public int Hits { get; private set; }

    /// <summary>Stores something for each prompt.</summary>
    public async Task FillAsync(Clients clients)
    {
        for (int prompt = 0; prompt < Prompts; prompt++)
        {
            await StoreAsync(clients, prompt);
        }
    }

    /// <summary>Writes until the server is gone, or until it is told to stop.</summary>
    /// <param name="clients">The server.</param>
    /// <param name="onlyRemovals">Whether nothing is stored, so that nothing has to go for it.</param>
    /// <param name="stop">Ends it between two calls.</param>
    /// <param name="killed">Says that calls may fail from now on.</param>
    public async Task WriteAsync(Clients clients, bool onlyRemovals, CancellationToken stop, CancellationToken killed)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                int prompt = _random.Next(Prompts);
                Task operation = _random.Next(onlyRemovals ? 50 : 0, 100) switch
                {
                    < 50 => StoreAsync(clients, prompt),
                    < 65 => RemoveAsync(clients, prompt),
                    < 67 => RemoveGroupAsync(clients, prompt % Groups),
                    _ => LookupAsync(clients, prompt),
                };
                await operation;
            }
        }
        catch (RpcException) when (killed.IsCancellationRequested)
        {
            // The call under way was cut off: what it asked for may or may not have been done.
        }
    }

    /// <summary>What the server says to each prompt.</summary>
    public async Task<Answer[]> AskAsync(Clients clients)
    {
        var answers = new Answer[Prompts];
        DateTimeOffset askedAt = Now;
        using AsyncDuplexStreamingCall<LookupManyRequest, LookupManyResponse> call = clients.Cache.LookupMany();
        Task asking = AskAllAsync(call.RequestStream);
        for (int prompt = 0; prompt < Prompts; prompt++)
        {
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            Assert.NotNull(call.ResponseStream.Current.Found);
            answers[prompt] = Read(prompt, call.ResponseStream.Current.Found, askedAt);
        }

        await asking;
        return answers;
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private async Task AskAllAsync(IClientStreamWriter<LookupManyRequest> requests)
    {
        for (int prompt = 0; prompt < Prompts; prompt++)
        {
            await requests.WriteAsync(new LookupManyRequest { Lookup = Lookup(prompt) });
        }

        await requests.CompleteAsync();
    }

    private LookupRequest Lookup(int prompt)
    {
        LookupRequest lookup = Ask.Lookup(_namespace, Question(prompt)).InScope(("writer", _scope));
        lookup.Threshold = 1;
        return lookup;
    }

    private Answer Read(int prompt, LookupResponse found, DateTimeOffset askedAt)
    {
        if (found.Outcome == Outcome.Miss)
        {
            return new Answer(0, "", askedAt, Now);
        }

        int version = 0;
        Assert.True(
            found.Outcome == Outcome.ExactHit && ResponseContent.TryRead(found.Response.Text, number, prompt, out version),
            $"Prompt {prompt} of writer {number} got {found.Outcome}, torn or another's: {found.Response.Text}");
        return new Answer(version, found.EntryId, askedAt, Now);
    }

    private async Task LookupAsync(Clients clients, int prompt)
    {
        DateTimeOffset askedAt = Now;
        Answer answer = Read(prompt, await clients.Cache.LookupAsync(Lookup(prompt)), askedAt);
        Assert.True(
            history.Now(prompt).Allows(answer, out bool isEvicted) && (mayEvict || !isEvicted),
            $"Prompt {prompt} of writer {number}, while running: {answer} instead of {history.Now(prompt)}.");
        Hits += answer.Version > 0 ? 1 : 0;
    }

    private async Task StoreAsync(Clients clients, int prompt)
    {
        int version = ++_version;
        TimeSpan? ttl = _random.Next(6) == 0 ? TimeSpan.FromMilliseconds(_random.Next(50, 3_000)) : null;
        StoreRequest store = Ask.Store(_namespace, Question(prompt), ResponseContent.Of(number, prompt, version))
            .InScope(("writer", _scope)).Tagged(Tag(prompt % Groups));
        store.Ttl = ttl is { } time ? Duration.FromTimeSpan(time) : null;
        history.Begin([prompt], PromptState.Stored(version, Now, ttl));
        if (await TryAsync(async () => await clients.Cache.StoreAsync(store)) is { } stored)
        {
            history.Acknowledge(state => state.Acknowledged(Now, ttl, stored.EntryId));
            Stores++;
        }
    }

    private Task RemoveAsync(Clients clients, int prompt)
    {
        string entryId = history.Now(prompt).EntryId;
        return InvalidateAsync(clients, [prompt], entryId.Length > 0 && _random.Next(2) == 0
            ? new InvalidateRequest { EntryIds = { entryId } }
            : new InvalidateRequest { Prompt = Ask.Text(Question(prompt)), Scope = { ["writer"] = _scope } });
    }

    private Task RemoveGroupAsync(Clients clients, int group) => InvalidateAsync(
        clients,
        [.. Enumerable.Range(0, Prompts).Where(prompt => prompt % Groups == group)],
        new InvalidateRequest { Tags = { Tag(group) } });

    private async Task InvalidateAsync(Clients clients, int[] prompts, InvalidateRequest request)
    {
        request.Namespace = _namespace;
        int present = prompts.Count(prompt => history.Now(prompt).Version > 0);
        history.Begin(prompts, PromptState.None);
        if (await TryAsync(async () => await clients.Cache.InvalidateAsync(request)) is { } removed)
        {
            Assert.True(removed.Count <= present, $"{removed.Count} entries were removed where there were {present}.");
            history.Acknowledge(state => state);
            Removals++;
        }
    }

    // Refused before anything was done: with little room the server may say so, and the writer goes on.
    private async Task<T?> TryAsync<T>(Func<Task<T>> call)
        where T : class
    {
        try
        {
            return await call();
        }
        catch (RpcException refused) when (mayEvict && refused.StatusCode == StatusCode.ResourceExhausted)
        {
            history.Refuse();
            await Task.Delay(1);
            return null;
        }
    }

    private string Tag(int group) => string.Create(CultureInfo.InvariantCulture, $"{number}/{group}");

    private static string Question(int prompt) => string.Create(CultureInfo.InvariantCulture, $"What is in box number {prompt}?");
}
