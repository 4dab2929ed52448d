using Google.Protobuf;

namespace SemCache.Server.Tests.Caching;

/// <summary>Responses that must not be reused are refused a place, with the reason, and without an error.</summary>
public sealed class AdmissionTests(SharedServer shared) : ServerTest(shared)
{
    private const string Question = "What is the capital of France?";

    public static TheoryData<Response, NotAdmittedReason, string> Refused { get; } = new()
    {
        { new Response(), NotAdmittedReason.EmptyResponse, "empty" },
        { new Response { Text = "" }, NotAdmittedReason.EmptyResponse, "empty" },
        { new Response { Text = " \r\n\t\u00a0" }, NotAdmittedReason.EmptyResponse, "empty" },
        { new Response { Data = ByteString.Empty }, NotAdmittedReason.EmptyResponse, "empty" },
        { new Response { Text = new string('x', (1 << 20) + 1) }, NotAdmittedReason.TooLarge, "1048577" },
        { new Response { Data = ByteString.CopyFrom(new byte[3 << 20]) }, NotAdmittedReason.TooLarge, "3145728" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Store_OfAResponseWithoutUse_IsNotAdmitted(Response response, NotAdmittedReason reason, string figure)
    {
        await AssertNotAdmittedAsync(
            new StoreRequest { Namespace = Namespace, Prompt = Ask.Text(Question), Response = response }, reason, figure);
    }

    [Theory]
    [InlineData("length")]
    [InlineData("content_filter")]
    [InlineData("tool_calls")]
    [InlineData("something new")]
    public async Task Store_OfAResponseThatDidNotEndByItself_IsNotAdmitted(string finishReason)
    {
        StoreRequest request = Ask.Store(Namespace, Question, "Par");
        request.Usage = new Usage { FinishReason = finishReason };

        await AssertNotAdmittedAsync(request, NotAdmittedReason.FinishReason, finishReason);
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("STOP")]
    [InlineData("")]
    public async Task Store_OfAResponseThatEndedByItself_IsAdmitted(string finishReason)
    {
        StoreRequest request = Ask.Store(Namespace, Question, "Paris");
        request.Usage = new Usage { FinishReason = finishReason };

        StoreResponse stored = await Cache.StoreAsync(request);

        Assert.Equal(NotAdmittedReason.Unspecified, stored.NotAdmitted);
        Assert.Equal(32, stored.EntryId.Length);
    }

    [Fact]
    public async Task Store_ThatIsNotAdmitted_LeavesTheEntryThatIsThere()
    {
        await Cache.StoreAsync(Ask.Store(Namespace, Question, "Paris"));
        await Cache.StoreAsync(Ask.Store(Namespace, Question, " "));

        LookupResponse hit = await Cache.LookupAsync(Ask.Lookup(Namespace, Question));

        Assert.Equal("Paris", hit.Response.Text);
    }

    private async Task AssertNotAdmittedAsync(StoreRequest request, NotAdmittedReason reason, string figure)
    {
        StoreResponse refused = await Cache.StoreAsync(request);
        LookupResponse miss = await Cache.LookupAsync(Ask.Lookup(Namespace, Question));

        Assert.Equal(reason, refused.NotAdmitted);
        Assert.Contains(figure, refused.Message, StringComparison.Ordinal);
        Assert.Empty(refused.EntryId);
        Assert.Equal(MissReason.NoCandidate, miss.MissReason);
    }
}
