using System.Globalization;
using SemCache.Server.Tests.Refusals;

namespace SemCache.Server.Tests.Caching;

/// <summary>Namespaces, options, export, ping.</summary>
public sealed class AdminTests(SharedServer shared) : ServerTest(shared)
{
    [Fact]
    public async Task Ping_Always_Answers() => Assert.Equal(new PingResponse(), await Admin.PingAsync(new()));

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(1 << 20)]
    public async Task Ping_AskedForBytes_AnswersWithAsMany(int bytes) => Assert.Equal(
        bytes, (await Admin.PingAsync(new() { ResponseBytes = bytes })).Payload.Length);

    [Theory]
    [InlineData(-1)]
    [InlineData((1 << 20) + 1)]
    public async Task Ping_AskedForBytesOutOfRange_IsRefused(int bytes) => await Refusal.AssertInvalidAsync(
        async () => await Admin.PingAsync(new() { ResponseBytes = bytes }),
        "response_bytes", "allowed is 0 to 1048576", $"{bytes} bytes");

    [Fact]
    public async Task ListNamespaces_AfterStoresAndALookup_NamesAllInOrder()
    {
        await Cache.StoreAsync(Ask.Store(Namespace + "z", "Why?", "Because."));
        await Cache.StoreAsync(Ask.Store(Namespace + "a", "Why?", "Because."));
        await Cache.LookupAsync(Ask.Lookup(Namespace + "m", "Why?"));

        string[] names = [.. (await Admin.ListNamespacesAsync(new())).Namespaces];

        Assert.Contains(Namespace + "a", names);
        Assert.Contains(Namespace + "z", names);
        Assert.Contains(Namespace + "m", names);
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public async Task GetConfig_Always_TellsTheOptionsInForceWithTheirDefaults()
    {
        IDictionary<string, string> options = (await Admin.GetConfigAsync(new())).Options;

        Assert.Equal(Ask.DefaultThreshold, double.Parse(options["NamespaceDefaults:Threshold"], CultureInfo.InvariantCulture));
        Assert.Equal("1048576", options["Limits:MaxResponseBytes"]);
        Assert.Equal("Commit", options["Storage:Durability"]);
        Assert.Equal("models/semcache-mini-v0", options["Model:Path"]);
        Assert.Equal("30.00:00:00", options["NamespaceDefaults:Ttl"]);
        Assert.Equal("16", options["NamespaceDefaults:Index:M"]);
        Assert.Equal("00:00:01", options["Index:ProbeInterval"]);
    }

    [Fact]
    public async Task GetConfig_WithAConfiguredNamespace_ResolvesAllItsOptions()
    {
        await using TestServer server = await TestServer.StartAsync(
            "--SemCache:Namespaces:strict:Threshold=0.99", "--SemCache:NamespaceDefaults:Ttl=1.00:00:00");

        IDictionary<string, string> options = (await server.Admin.GetConfigAsync(new())).Options;

        Assert.Equal("0.99", options["Namespaces:strict:Threshold"]);
        Assert.Equal("0.99", options["Namespaces:strict:MinThreshold"]);
        Assert.Equal("1.00:00:00", options["Namespaces:strict:Ttl"]);
    }

    [Fact]
    public async Task ExportEntries_OfStoresOneAfterTheOther_KeepsTheirOrderAndResumesAnywhere()
    {
        // Without waiting for the device, many stores fall into one millisecond.
        await using TestServer server = await TestServer.StartAsync("--SemCache:Storage:Durability=None");
        var stored = new List<string>();
        for (int i = 0; i < 200; i++)
        {
            StoreRequest request = Ask.Store(Namespace, "Always the same long-lived prompt", $"answer {i}");
            stored.Add((await server.Cache.StoreAsync(request.InScope(("user", $"{i}")))).EntryId);
        }

        List<Entry> all = await ExportAsync(server, "");
        List<Entry> rest = await ExportAsync(server, all[120].EntryId);
        List<Entry> none = await ExportAsync(server, all[^1].EntryId);

        Assert.Equal(stored, all.Select(entry => entry.EntryId));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"answer {i}"), all.Select(entry => entry.Response.Text));
        Assert.Equal(all.Skip(121), rest);
        Assert.Empty(none);
    }

    [Fact]
    public async Task ExportEntries_OfOneNamespace_LeavesOutTheOthers()
    {
        await Cache.StoreAsync(Ask.Store(Namespace, "Why?", "mine"));
        await Cache.StoreAsync(Ask.Store(Namespace + "b", "Why?", "not mine"));

        Entry entry = Assert.Single(await ExportAsync(Server, ""));

        Assert.Equal((Namespace, "mine"), (entry.Namespace, entry.Response.Text));
    }

    private async Task<List<Entry>> ExportAsync(TestServer server, string after)
    {
        using var call = server.Admin.ExportEntries(new() { Namespace = Namespace, AfterEntryId = after });
        return [.. (await call.ResponseStream.ReadToEndAsync()).Select(exported => exported.Entry)];
    }
}
