using System.Globalization;
using System.Text;

namespace SemCache.Server.Tests.Durability;

/// <summary>
/// Stores, replaces and invalidates prompts that no other writer touches, and knows what a restarted server may answer:
/// the last acknowledged state of a prompt or, if a call was under way at the kill, what that call would have made of it.
/// </summary>
internal sealed class CrashWriter(int number, int seed)
{
    private const int Prompts = 24;
    private const int SmallResponse = 2_000;
    private const int LargeResponse = 300_000;

    private readonly string _namespace = string.Create(CultureInfo.InvariantCulture, $"writer-{number % 4}");
    private readonly Random _random = new(seed);

    // By prompt: the number of the stored response, and its entry's id; absent when there must be no entry.
    private readonly Dictionary<int, (int Version, string EntryId)> _acknowledged = [];

    private int _version;
    private (int Prompt, int? Version)? _underWay;

    public int AcknowledgedStores { get; private set; }

    public int AcknowledgedRemovals { get; private set; }

    /// <summary>Writes, one call after the other, until the server is gone.</summary>
    public async Task WriteAsync(Clients clients, CancellationToken killed)
    {
        try
        {
            while (true)
            {
                int prompt = _random.Next(Prompts);
                if (_acknowledged.TryGetValue(prompt, out (int Version, string EntryId) entry) && _random.Next(3) == 0)
                {
                    await RemoveAsync(clients, prompt, entry.EntryId);
                }
                else
                {
                    await StoreAsync(clients, prompt);
                }
            }
        }
        catch (RpcException) when (killed.IsCancellationRequested)
        {
            // The call under way was cut off: what it asked for may or may not have been done.
        }
    }

    /// <summary>Compares what a restarted server knows with what it acknowledged.</summary>
    public async Task VerifyAsync(Clients clients)
    {
        using AsyncDuplexStreamingCall<LookupManyRequest, LookupManyResponse> call = clients.Cache.LookupMany();
        Task asking = AskAsync(call.RequestStream);
        for (int prompt = 0; prompt < Prompts; prompt++)
        {
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            Verify(prompt, call.ResponseStream.Current.Found);
        }

        await asking;
        _underWay = null;
    }

    private async Task AskAsync(IClientStreamWriter<LookupManyRequest> requests)
    {
        for (int prompt = 0; prompt < Prompts; prompt++)
        {
            LookupRequest lookup = Ask.Lookup(_namespace, PromptText(prompt));
            lookup.Threshold = 1;
            await requests.WriteAsync(new LookupManyRequest { Lookup = lookup });
        }

        await requests.CompleteAsync();
    }

    private void Verify(int prompt, LookupResponse found)
    {
        bool wasUnderWay = _underWay?.Prompt == prompt;
        if (found.Outcome == Outcome.ExactHit)
        {
            string text = found.Response.Text;
            int version = int.Parse(text.AsSpan(0, text.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
            Assert.Equal(ResponseText(prompt, version), text);
            bool isAcknowledged = _acknowledged.TryGetValue(prompt, out (int Version, string EntryId) entry)
                && entry.Version == version && entry.EntryId == found.EntryId;
            Assert.True(
                isAcknowledged || (wasUnderWay && _underWay!.Value.Version == version),
                $"Prompt {prompt} of writer {number}: version {version} came back, acknowledged was {entry.Version}.");
            _acknowledged[prompt] = (version, found.EntryId);
        }
        else
        {
            Assert.True(
                !_acknowledged.ContainsKey(prompt) || (wasUnderWay && _underWay!.Value.Version is null),
                $"Prompt {prompt} of writer {number} is lost.");
            _acknowledged.Remove(prompt);
        }
    }

    private async Task StoreAsync(Clients clients, int prompt)
    {
        int version = ++_version;
        _underWay = (prompt, version);
        StoreResponse stored = await clients.Cache.StoreAsync(
            Ask.Store(_namespace, PromptText(prompt), ResponseText(prompt, version)).Tagged(Tag(prompt)));
        _acknowledged[prompt] = (version, stored.EntryId);
        _underWay = null;
        AcknowledgedStores++;
    }

    private async Task RemoveAsync(Clients clients, int prompt, string entryId)
    {
        _underWay = (prompt, null);
        InvalidateResponse removed = await clients.Cache.InvalidateAsync(Selector(prompt, entryId));
        Assert.Equal(1, removed.Count);
        _acknowledged.Remove(prompt);
        _underWay = null;
        AcknowledgedRemovals++;
    }

    private InvalidateRequest Selector(int prompt, string entryId) => _random.Next(3) switch
    {
        0 => new InvalidateRequest { Namespace = _namespace, EntryIds = { entryId } },
        1 => new InvalidateRequest { Namespace = _namespace, Prompt = Ask.Text(PromptText(prompt)) },
        _ => new InvalidateRequest { Namespace = _namespace, Tags = { Tag(prompt) } },
    };

    private string Tag(int prompt) => string.Create(CultureInfo.InvariantCulture, $"{number}/{prompt}");

    private string PromptText(int prompt) =>
        string.Create(CultureInfo.InvariantCulture, $"Writer {number} asks question {prompt}");

    // Begins with its version; the rest follows from prompt and version, so that a mixture of two would be noticed.
    private string ResponseText(int prompt, int version)
    {
        var random = new Random(HashOf(number, prompt, version));
        int length = random.Next(200) == 0 ? LargeResponse : random.Next(SmallResponse);
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{version} {number}/{prompt} ");
        while (text.Length < length)
        {
            text.Append((char)random.Next(' ', '~')).Append('é');
        }

        return text.ToString();
    }

    private static int HashOf(int number, int prompt, int version) => (((number * 31) + prompt) * 1_000_003) + version;
}
