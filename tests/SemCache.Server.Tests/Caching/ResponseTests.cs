using System.Text;
using Google.Protobuf;

namespace SemCache.Server.Tests.Caching;

/// <summary>A response comes back as it was stored, byte for byte.</summary>
public sealed class ResponseTests(SharedServer shared) : ServerTest(shared)
{
    private const string Prompt = "Say something";

    public static TheoryData<string> Texts { get; } =
    [
        "x",
        " \t outer white space stays \r\n",
        "line\r\nendings\rof\nall kinds",
        "e\u0301 is not composed, \u00e9 not decomposed",
        "👩‍👩‍👧‍👦 \u0000 nul \u202e and more",
        "\ufeffa byte order mark",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Store_OfText_ComesBackIdentical(string text)
    {
        var response = new Response { Text = text };

        Assert.Equal(response, await RoundTripAsync(response));
    }

    // Lengths on the wire have a byte for every seven bits: around there they grow.
    [Theory]
    [InlineData(1 << 7, "")]
    [InlineData(1 << 7, "text/plain")]
    [InlineData(1 << 14, "text/plain")]
    public async Task Store_OfTextOfAnyLength_ComesBackIdentical(int around, string contentType)
    {
        for (int length = around - 20; length <= around + 2; length++)
        {
            var response = new Response { Text = new string('x', length), ContentType = contentType };

            Assert.Equal(response, await RoundTripAsync(response));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(65_537)]
    [InlineData(1 << 20)]
    public async Task Store_OfData_ComesBackIdentical(int length)
    {
        byte[] data = new byte[length];
        new Random(length).NextBytes(data);
        var response = new Response { Data = ByteString.CopyFrom(data), ContentType = "application/vnd.model+proto" };

        Assert.Equal(response, await RoundTripAsync(response));
    }

    [Fact]
    public async Task Store_OfTextAsLargeAsAllowed_ComesBackIdentical()
    {
        var response = new Response { Text = new string('ü', (1 << 20) / Encoding.UTF8.GetByteCount("ü")) };

        Assert.Equal(response, await RoundTripAsync(response));
    }

    [Fact]
    public async Task Store_OfDataThatIsAlsoText_StaysData()
    {
        var response = new Response { Data = ByteString.CopyFromUtf8("text") };

        Assert.Equal(Response.BodyOneofCase.Data, (await RoundTripAsync(response)).BodyCase);
    }

    [Fact]
    public async Task Store_OfTheSamePrompt_ReplacesTheEntry()
    {
        string first = (await Cache.StoreAsync(Ask.Store(Namespace, Prompt, "first").Tagged("old"))).EntryId;
        string second = (await Cache.StoreAsync(Ask.Store(Namespace, Prompt, "second"))).EntryId;

        LookupResponse hit = await Cache.LookupAsync(Ask.Lookup(Namespace, Prompt));
        LookupResponse similar = await Cache.LookupAsync(Ask.Lookup(Namespace, Prompt + "."));
        RpcException gone = await Assert.ThrowsAsync<RpcException>(
            async () => await Cache.GetEntryAsync(new GetEntryRequest { Namespace = Namespace, EntryId = first }));
        NamespaceStats stats = Assert.Single((await Admin.GetStatsAsync(new() { Namespace = Namespace })).Namespaces);

        Assert.NotEqual(first, second);
        Assert.Equal((second, "second"), (hit.EntryId, hit.Response.Text));
        Assert.Empty(hit.Tags);
        Assert.NotEqual(first, similar.EntryId);
        Assert.Equal(StatusCode.NotFound, gone.StatusCode);
        Assert.Equal(1, stats.Entries);
    }

    private async Task<Response> RoundTripAsync(Response response)
    {
        await Cache.StoreAsync(new StoreRequest { Namespace = Namespace, Prompt = Ask.Text(Prompt), Response = response });
        LookupResponse hit = await Cache.LookupAsync(Ask.Lookup(Namespace, Prompt));
        Assert.Equal(Outcome.ExactHit, hit.Outcome);

        using var many = Cache.LookupMany();
        await many.RequestStream.WriteAsync(new() { Lookup = Ask.Lookup(Namespace, Prompt) });
        await many.RequestStream.CompleteAsync();
        LookupResponse item = Assert.Single(await many.ResponseStream.ReadToEndAsync()).Found;
        Assert.Equal((hit.EntryId, hit.Response), (item.EntryId, item.Response));
        return hit.Response;
    }
}
