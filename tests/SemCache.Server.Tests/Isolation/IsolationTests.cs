namespace SemCache.Server.Tests.Isolation;

/// <summary>
/// Random operations over namespaces and scopes that are easily mixed up, against a naive model. Every response names
/// the partition that it was stored in, so that a foreign one is seen at once.
/// </summary>
public sealed class IsolationTests(SharedServer shared) : ServerTest(shared)
{
    private const int Operations = 300;

    private static readonly string[] _suffixes = ["", "a", "A", ".a", "-a"];

    private static readonly Dictionary<string, string>[] _scopes =
    [
        [], new() { ["u"] = "1" }, new() { ["u"] = "2" }, new() { ["u"] = "1", ["v"] = "" }, new() { ["u1"] = "" },
        new() { ["U"] = "1" },
    ];

    // Some of these are close to each other: exact and semantic hits both occur.
    private static readonly string[] _prompts =
    [
        "What is the capital of France?", "What's the capital of France", "what is the capital of france",
        "What is the capital of Spain?", "How do I boil an egg?", "How do I boil an egg", "Why?",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AnyOperation_InAnyPartition_SeesNoForeignEntry(int seed)
    {
        var random = new Random(seed);
        var model = new Dictionary<Place, Dictionary<string, Stored>>();
        int hits = 0;
        for (int i = 0; i < Operations; i++)
        {
            var place = new Place(random.Next(_suffixes.Length), random.Next(_scopes.Length));
            string prompt = _prompts[random.Next(_prompts.Length)];
            switch (random.Next(10))
            {
                case < 4:
                    await StoreAsync(model, place, prompt, i);
                    break;
                case < 8:
                    hits += await LookupAsync(model, place, prompt) ? 1 : 0;
                    break;
                case 8:
                    await GetEntryAsync(model, place, random);
                    break;
                default:
                    await InvalidateAsync(model, place, prompt, random);
                    break;
            }
        }

        Assert.True(hits > Operations / 20, "Too few hits to prove anything.");
        await CompareAllAsync(model);
    }

    private async Task StoreAsync(Dictionary<Place, Dictionary<string, Stored>> model, Place place, string prompt, int i)
    {
        string response = $"{place}|{prompt}|{i}";
        StoreRequest request = Ask.Store(NameOf(place), prompt, response).Tagged(place.ToString());
        request.Scope.Add(_scopes[place.Scope]);
        string id = (await Cache.StoreAsync(request)).EntryId;
        PartitionOf(model, place)[prompt] = new Stored(id, response);
    }

    private async Task<bool> LookupAsync(Dictionary<Place, Dictionary<string, Stored>> model, Place place, string prompt)
    {
        LookupRequest request = Ask.Lookup(NameOf(place), prompt);
        request.Scope.Add(_scopes[place.Scope]);
        request.Candidates = 20;
        Dictionary<string, Stored> own = PartitionOf(model, place);

        LookupResponse answer = await Cache.LookupAsync(request);

        Assert.Equal(own.ContainsKey(prompt), answer.Outcome == Outcome.ExactHit);
        Assert.All(answer.Candidates, candidate => Assert.Contains(candidate.EntryId, own.Values.Select(s => s.EntryId)));
        if (answer.Outcome == Outcome.Miss)
        {
            Assert.Equal(own.Count == 0, answer.MissReason == MissReason.NoCandidate);
            return false;
        }

        Assert.Equal(own[answer.Prompt.Text], new Stored(answer.EntryId, answer.Response.Text));
        Assert.Equal([place.ToString()], answer.Tags);
        return true;
    }

    private async Task GetEntryAsync(Dictionary<Place, Dictionary<string, Stored>> model, Place place, Random random)
    {
        (Place Place, Stored Stored)[] all =
            [.. model.SelectMany(pair => pair.Value.Values.Select(stored => (pair.Key, stored)))];
        if (all.Length == 0)
        {
            return;
        }

        (Place owner, Stored stored) = all[random.Next(all.Length)];
        var request = new GetEntryRequest { Namespace = NameOf(place), EntryId = stored.EntryId };
        if (owner.Namespace == place.Namespace)
        {
            Assert.Equal(stored.Response, (await Cache.GetEntryAsync(request)).Entry.Response.Text);
        }
        else
        {
            RpcException refused = await Assert.ThrowsAsync<RpcException>(async () => await Cache.GetEntryAsync(request));
            Assert.Equal(StatusCode.NotFound, refused.StatusCode);
        }
    }

    private async Task InvalidateAsync(
        Dictionary<Place, Dictionary<string, Stored>> model, Place place, string prompt, Random random)
    {
        // By prompt and scope: every partition of the namespace whose scope has these attributes. By tag: this one.
        bool byTag = random.Next(2) == 0;
        var request = new InvalidateRequest { Namespace = NameOf(place) };
        Place[] reached;
        if (byTag)
        {
            request.Tags.Add(place.ToString());
            reached = [place];
        }
        else
        {
            request.Prompt = Ask.Text(prompt);
            request.Scope.Add(_scopes[place.Scope]);
            reached = [.. Enumerable.Range(0, _scopes.Length)
                .Where(scope => _scopes[place.Scope].All(_scopes[scope].Contains))
                .Select(scope => place with { Scope = scope })];
        }

        int expected = 0;
        foreach (Dictionary<string, Stored> partition in reached.Select(other => PartitionOf(model, other)))
        {
            expected += byTag ? partition.Count : partition.ContainsKey(prompt) ? 1 : 0;
            foreach (string gone in byTag ? [.. partition.Keys] : new[] { prompt })
            {
                partition.Remove(gone);
            }
        }

        Assert.Equal(expected, (await Cache.InvalidateAsync(request)).Count);
    }

    private async Task CompareAllAsync(Dictionary<Place, Dictionary<string, Stored>> model)
    {
        for (int ns = 0; ns < _suffixes.Length; ns++)
        {
            using var export = Admin.ExportEntries(new() { Namespace = NameOf(new Place(ns, 0)) });
            List<ExportEntriesResponse> entries = await export.ResponseStream.ReadToEndAsync();
            Assert.Equal(
                model.Where(pair => pair.Key.Namespace == ns).SelectMany(pair => pair.Value.Values)
                    .OrderBy(stored => stored.EntryId, StringComparer.Ordinal),
                entries.Select(exported => new Stored(exported.Entry.EntryId, exported.Entry.Response.Text)));
        }
    }

    private string NameOf(Place place) => Namespace + _suffixes[place.Namespace];

    private static Dictionary<string, Stored> PartitionOf(Dictionary<Place, Dictionary<string, Stored>> model, Place place) =>
        model.TryGetValue(place, out Dictionary<string, Stored>? found) ? found : model[place] = [];

    private sealed record Place(int Namespace, int Scope);

    private sealed record Stored(string EntryId, string Response);
}
