using Google.Protobuf.WellKnownTypes;

namespace SemCache.Server.Tests.Refusals;

/// <summary>Lookups that are not allowed: the status, the field at fault, what is wrong with it.</summary>
public sealed class InvalidLookupTests(SharedServer shared) : ServerTest(shared)
{
    private const string Messages = "prompt.conversation.messages";

    public static TheoryData<string, Action<LookupRequest>, string, string> Cases { get; } = new()
    {
        { "no prompt", r => r.Prompt = null, "prompt", "missing" },
        { "a prompt of nothing", r => r.Prompt = new Prompt(), "prompt", "neither" },
        { "an empty text", r => r.Prompt = Ask.Text(""), "prompt.text", "empty" },
        { "white space", r => r.Prompt = Ask.Text(" \r\n\t\u2003"), "prompt.text", "empty" },
        { "a large prompt", r => r.Prompt = Ask.Text(new string('é', 131_073)), "prompt.text", "262146 bytes" },
        { "no messages", r => r.Prompt = Ask.Conversation(), Messages, "user" },
        { "no user message", r => r.Prompt = Ask.Conversation(("system", "x")), Messages, "user" },
        { "an empty question", r => r.Prompt = Ask.Conversation(("system", "x"), ("user", " ")), Messages + "[1].content", "empty" },
        { "an empty role", r => r.Prompt = Ask.Conversation(("", "x"), ("user", "x")), Messages + "[0].role", "empty" },
        { "a long role", r => r.Prompt = Ask.Conversation(("user", "x"), (new string('r', 65), "x")), Messages + "[1].role", "65 bytes" },
        { "many messages", r => r.Prompt = Ask.Conversation(ManyMessages(1001, 1)), Messages, "1001 messages" },
        { "large messages", r => r.Prompt = Ask.Conversation(ManyMessages(3, 100_000)), Messages, "bytes" },
        { "a name with a blank", r => r.Namespace = "a b", "namespace", "not a name" },
        { "a name that begins with a dot", r => r.Namespace = ".a", "namespace", "not a name" },
        { "a foreign letter in a name", r => r.Namespace = "é", "namespace", "not a name" },
        { "a long name", r => r.Namespace = new string('n', 129), "namespace", "1 to 128" },
        { "a threshold of NaN", r => r.Threshold = double.NaN, "threshold", "NaN" },
        { "a threshold above 1", r => r.Threshold = 1.0001, "threshold", "1.0001" },
        { "an infinite threshold", r => r.Threshold = double.PositiveInfinity, "threshold", "Infinity" },
        { "a threshold below the namespace's", r => r.Threshold = Ask.DefaultThreshold - 0.01, "threshold", "to 1" },
        { "a threshold far below", r => r.Threshold = double.NegativeInfinity, "threshold", "-Infinity" },
        { "negative candidates", r => r.Candidates = -1, "candidates", "-1" },
        { "many candidates", r => r.Candidates = 101, "candidates", "101" },
        { "as many candidates as can be written", r => r.Candidates = int.MaxValue, "candidates", "0 to 100" },
        { "no age", r => r.MaxAge = new Duration(), "max_age", "0 s" },
        { "a negative age", r => r.MaxAge = new Duration { Seconds = -5 }, "max_age", "-5 s" },
        { "an age beyond all time", r => r.MaxAge = new Duration { Seconds = long.MaxValue }, "max_age", "duration" },
        { "an age before all time", r => r.MaxAge = new Duration { Seconds = long.MinValue }, "max_age", "duration" },
        { "too many nanos", r => r.MaxAge = new Duration { Nanos = 1_000_000_000 }, "max_age", "duration" },
        { "the fewest nanos", r => r.MaxAge = new Duration { Nanos = int.MinValue }, "max_age", "duration" },
        { "signs that differ", r => r.MaxAge = new Duration { Seconds = 5, Nanos = -1 }, "max_age", "duration" },
        { "many attributes", r => AddAttributes(r, 65, 1), "scope", "65 attributes" },
        { "large attributes", r => AddAttributes(r, 3, 100_000), "scope", "bytes" },
        { "an empty key", r => r.Scope.Add("", "x"), "scope", "empty key" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Lookup_ThatIsNotAllowed_NamesTheFieldAndServesOn(
        string what, Action<LookupRequest> spoil, string field, string problem)
    {
        LookupRequest request = Ask.Lookup(Namespace, "Why?");
        spoil(request);

        await Refusal.AssertInvalidAsync(async () => await Cache.LookupAsync(request), field, problem, what);

        LookupResponse next = await Cache.LookupAsync(Ask.Lookup(Namespace, "Why?"));
        Assert.Equal(Outcome.Miss, next.Outcome);
    }

    [Fact]
    public async Task Lookup_AtTheEdgeOfWhatIsAllowed_IsServed()
    {
        LookupRequest request = Ask.Lookup(Namespace, new string('x', 256 << 10));
        request.Namespace = new string('N', 128);
        request.Threshold = Ask.DefaultThreshold;
        request.Candidates = 100;
        request.MaxAge = new Duration { Seconds = 315_360_000 };
        AddAttributes(request, 64, 4000);

        Assert.Equal(Outcome.Miss, (await Cache.LookupAsync(request)).Outcome);
    }

    private static void AddAttributes(LookupRequest request, int count, int length)
    {
        for (int i = 0; i < count; i++)
        {
            request.Scope.Add($"key {i}", new string('v', length));
        }
    }

    private static (string, string)[] ManyMessages(int count, int length) =>
        [.. Enumerable.Range(0, count).Select(_ => ("user", new string('m', length)))];
}
